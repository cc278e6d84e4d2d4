/** Limits of a process and of the files it writes, which the system enforces. */
export interface SystemLimits {
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
  readonly fileBytes: number;
}

/** Exit codes of the launcher, which LibreOffice does not use: the system lacks the filter, or the program is missing. */
export const NOT_CONFINED = 120;
export const NO_PROGRAM = 121;

/**
 * Sets the limits, forbids every socket except to processes on this machine, and becomes the program. A container on
 * Lambda has no right to create a network namespace, but every process may give up system calls.
 */
const PROGRAM = `
import ctypes, os, resource, struct, sys

cpu, memory, file = (int(value) for value in sys.argv[1:4])
resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
resource.setrlimit(resource.RLIMIT_FSIZE, (file, file))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

# Per machine: its audit number, and the number of socket. io_uring could open sockets too.
MACHINES = {'x86_64': (0xC000003E, 41), 'aarch64': (0xC00000B7, 198)}
IO_URING_SETUP = 425
AF_UNIX, EACCES, X32 = 1, 13, 0x40000000
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000 | EACCES, 0x80000000
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16

def confine():
    machine = MACHINES.get(os.uname().machine)
    if machine is None:
        return False
    audit, socket = machine
    step = lambda code, value, yes=0, no=0: struct.pack('HBBI', code, yes, no, value)
    rules = [
        step(LOAD, ARCHITECTURE),
        step(EQUAL, audit, yes=1),
        step(RETURN, KILL),
        step(LOAD, NUMBER),
        step(AT_LEAST, X32, no=1),
        step(RETURN, KILL),
        step(EQUAL, IO_URING_SETUP, no=1),
        step(RETURN, REFUSE),
        step(EQUAL, socket, yes=1),
        step(RETURN, ALLOW),
        step(LOAD, FIRST_ARGUMENT),
        step(EQUAL, AF_UNIX, no=1),
        step(RETURN, ALLOW),
        step(RETURN, REFUSE),
    ]
    code = ctypes.create_string_buffer(b''.join(rules))
    filter = ctypes.create_string_buffer(struct.pack('HP', len(rules), ctypes.addressof(code)))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    word = ctypes.c_ulong
    NO_NEW_PRIVILEGES, SECCOMP, SECCOMP_FILTER = 38, 22, 2
    return prctl(NO_NEW_PRIVILEGES, word(1), word(0), word(0), word(0)) == 0 and prctl(
        SECCOMP, word(SECCOMP_FILTER), ctypes.byref(filter), word(0), word(0)) == 0

if not confine():
    sys.exit(${NOT_CONFINED})
try:
    os.execvp(sys.argv[4], sys.argv[4:])
except FileNotFoundError:
    sys.exit(${NO_PROGRAM})
`;

/** Returns the command that runs a program under the limits and without network. */
export function confinedCommand(
  { cpuSeconds, memoryBytes, fileBytes }: SystemLimits,
  program: readonly string[],
): { readonly command: string; readonly args: readonly string[] } {
  const limits = [cpuSeconds, memoryBytes, fileBytes].map((limit) => String(Math.ceil(limit)));
  return { command: 'python3', args: ['-I', '-S', '-c', PROGRAM, ...limits, ...program] };
}

import type { PythonEnvironment } from '../localstack/emulator/python.ts';

/** Generator, type checker and test runner of the Python client. */
export const PYTHON_TOOLS: PythonEnvironment = {
  program: 'the tools of the Python client',
  folder: 'python-client',
  requirements: 'clients/python/requirements-dev.txt',
  oldestMinor: 10,
  alternative: 'or leave this to CI',
};

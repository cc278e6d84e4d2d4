/** Commands about sign-in, profiles and the shell. */
import { Argument, type Command } from 'commander';
import { lazily } from '../lazily.ts';
import { wholeNumber } from './values.ts';

export function defineSetup(program: Command): void {
  program
    .command('login')
    .argument('[url]', 'base URL of the API, including the stage (default: that of the profile)')
    .summary('sign in to a service and store a profile')
    .description(
      'Signs in with OpenID Connect: in the browser (authorization code with PKCE and a redirect to this machine), or on another device with --device. The profile stores the address; tokens are stored apart, readable only by you.',
    )
    .option('--issuer <url>', 'issuer of the tokens')
    .option('--client-id <id>', 'id of this command at the issuer, a public client')
    .option('--audience <text>', 'audience of the tokens, if the issuer needs it')
    .option('--scope <scopes>', 'scopes to request', 'openid offline_access')
    .option('--device', 'sign in on another device, for machines without a browser')
    .option('--port <number>', 'port of the redirect address (default: any)', wholeNumber(1, 65_535))
    .action(lazily(async () => (await import('../commands/login.ts')).run));
  program
    .command('logout')
    .summary('delete the stored token of a profile')
    .action(lazily(async () => (await import('../commands/profiles.ts')).logout));
  const profiles = program.command('profiles').summary('list, select and remove profiles');
  profiles
    .command('list', { isDefault: true })
    .summary('list the profiles')
    .action(lazily(async () => (await import('../commands/profiles.ts')).list));
  profiles
    .command('use')
    .argument('<name>')
    .summary('use this profile by default')
    .action(lazily(async () => (await import('../commands/profiles.ts')).use));
  profiles
    .command('remove')
    .argument('<name>')
    .summary('delete a profile and its token')
    .action(lazily(async () => (await import('../commands/profiles.ts')).remove));
  program
    .command('token')
    .summary('print a token of the profile, for other programs')
    .option('--claims', 'print its claims instead')
    .action(lazily(async () => (await import('../commands/token.ts')).run));
  program
    .command('doctor')
    .summary('check the configuration, the service and the token')
    .description(
      'Checks the profile, the address, the clock, the token and the versions, and states what to do.',
    )
    .action(lazily(async () => (await import('../commands/doctor.ts')).run));
  program
    .command('completion')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .summary('print the completion script of a shell')
    .description(
      'Prints a completion script. bash: eval "$(jobtree completion bash)". zsh: save it as _jobtree in a folder of $fpath. fish: save it as ~/.config/fish/completions/jobtree.fish',
    )
    .action(lazily(async () => (await import('../commands/completion.ts')).run));
}

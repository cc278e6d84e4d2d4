import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';
import type { Column } from '../output/table.ts';
import { type Profile, Profiles } from '../settings/profiles.ts';

interface Row {
  readonly name: string;
  readonly isCurrent: boolean;
  readonly isSignedIn: boolean;
  readonly profile: Profile;
}

export async function list({ output, env }: Context): Promise<void> {
  const profiles = new Profiles(env);
  const rows = Object.entries(profiles.all()).map(([name, profile]): Row => {
    const isSignedIn = profile.developmentKey !== undefined || profiles.credentials(name) !== undefined;
    return { name, profile, isCurrent: name === profiles.current, isSignedIn };
  });
  if (output.format !== 'text') {
    const views = rows.map(({ profile, ...row }) => ({
      ...row,
      url: profile.url,
      partition: profile.partition,
    }));
    await output.list(views, [], '');
    return;
  }
  const columns: Column<Row>[] = [
    { title: '', value: ({ isCurrent }) => (isCurrent ? '*' : '') },
    { title: 'NAME', value: ({ name }) => name },
    { title: 'URL', value: ({ profile }) => profile.url, isFlexible: true },
    { title: 'PARTITION', value: ({ profile }) => profile.partition },
    { title: 'SIGNED IN', value: ({ isSignedIn }) => (isSignedIn ? 'yes' : 'no') },
  ];
  await output.list(
    rows,
    columns,
    'There are no profiles. Create one with jobtree login, or start jobtree dev.',
  );
}

export async function use({ output, env }: Context, _options: object, name: string): Promise<void> {
  new Profiles(env).use(name);
  output.note(`The profile '${name}' is used by default.`);
}

export async function remove({ output, env }: Context, _options: object, name: string): Promise<void> {
  new Profiles(env).remove(name);
  output.note(`The profile '${name}' is deleted.`);
}

export async function logout({ output, env, options }: Context): Promise<void> {
  const profiles = new Profiles(env);
  const found = profiles.find(options.profile ?? env['JOBTREE_PROFILE']);
  if (found === undefined) throw usageError('no profile is selected', 'Pass --profile NAME.');
  profiles.forget(found.name);
  output.note(`The token of the profile '${found.name}' is deleted.`);
}

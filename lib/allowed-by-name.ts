/** What jobs may use by name, as the command line of a deployment says it. */

/** A secret of Secrets Manager by its name, with the servers that its headers may be sent to. */
export interface NamedSecret {
  readonly name: string;
  readonly origins: readonly string[];
}

/** `-c httpSecrets=name@https://host,…`: a name that stands there several times has several origins. */
export function secretsFromContext(text: string | undefined): NamedSecret[] {
  const pairs = listed(text).map((entry): [string, string] => {
    const [, name, origin] = /^([\w/+=.@-]{1,100})@(https?:\/\/.+)$/.exec(entry) ?? [];
    if (name !== undefined && origin !== undefined) return [name, origin];
    throw new Error(
      `httpSecrets has '${entry}'; each entry is <name of a secret>@<origin that it may be sent to>, such as ` +
        '-c httpSecrets=partner@https://api.example.com,partner@https://eu.example.com',
    );
  });
  const byName = Map.groupBy(pairs, ([name]) => name);
  return [...byName].map(([name, entries]) => ({ name, origins: entries.map(([, origin]) => origin) }));
}

/** `-c invokableFunctions=name,…`: functions of the account and region of the stack. */
export function functionsFromContext(text: string | undefined): string[] {
  const names = [...new Set(listed(text))];
  const wrong = names.find((name) => !/^[\w-]{1,64}$/.test(name));
  if (wrong === undefined) return names;
  throw new Error(
    `invokableFunctions has '${wrong}', which is no name of a function; name functions of this account and region, ` +
      'such as -c invokableFunctions=resize,classify; others take `invokableFunctions` of the construct',
  );
}

/** The entries of a list with commas between them. */
export function listed(text = ''): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/**
 * Settings of LibreOffice for untrusted documents: nothing in a document runs, and no link in it is followed. Requests that
 * an extension or a later release could still send go to a proxy that does not exist.
 */
const SETTINGS: readonly {
  readonly path: string;
  readonly name: string;
  readonly value: string | number | boolean;
}[] = [
  ...section('/org.openoffice.Office.Common/Security/Scripting', {
    DisableMacrosExecution: true,
    MacroSecurityLevel: 3,
    BlockUntrustedRefererLinks: true,
  }),
  // 0 is "never" in Writer, 1 in Calc.
  ...section('/org.openoffice.Office.Writer/Content/Update', { Link: 0 }),
  ...section('/org.openoffice.Office.Calc/Content/Update', { Link: 1 }),
  ...section('/org.openoffice.Office.Java/VirtualMachine', { Enable: false }),
  ...section('/org.openoffice.Inet/Settings', {
    // 2 is a proxy that is set by hand.
    ooInetProxyType: 2,
    ooInetHTTPProxyName: '127.0.0.1',
    ooInetHTTPProxyPort: 9,
    ooInetHTTPSProxyName: '127.0.0.1',
    ooInetHTTPSProxyPort: 9,
    ooInetFTPProxyName: '127.0.0.1',
    ooInetFTPProxyPort: 9,
  }),
];

function section(path: string, values: Readonly<Record<string, string | number | boolean>>) {
  return Object.entries(values).map(([name, value]) => ({ path, name, value }));
}

/** Returns the content of `registrymodifications.xcu`, the settings of a profile. */
export function officeSettings(): string {
  const items = SETTINGS.map(
    ({ path, name, value }) =>
      `<item oor:path="${path}"><prop oor:name="${name}" oor:op="fuse"><value>${value}</value></prop></item>`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry">',
    ...items,
    '</oor:items>',
  ].join('\n');
}

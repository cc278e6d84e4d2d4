const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * True if the AWS SDK and the CDK would only use an emulator on this machine: an endpoint is set, all
 * endpoints that are set are loopback addresses, and no setting makes the SDK ignore them.
 */
export function isLocalEndpoint(env: Readonly<Record<string, string | undefined>>): boolean {
  const endpoints = Object.entries(env).filter(([name]) => /^AWS_ENDPOINT_URL(_|$)/.test(name));
  return (
    Boolean(env['AWS_ENDPOINT_URL']) &&
    env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS']?.toLowerCase() !== 'true' &&
    endpoints.every(([, url]) => isLoopback(url))
  );
}

function isLoopback(url: string | undefined): boolean {
  return url !== undefined && URL.canParse(url) && LOOPBACK.test(new URL(url).hostname);
}

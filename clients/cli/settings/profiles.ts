/** Profiles: named services with their address, partition and way to sign in. Credentials are stored apart. */
import { join } from 'node:path';
import { CliError, usageError } from '../errors.ts';
import { configFolder, readJson, writeJson } from './config-folder.ts';

export interface Profile {
  /** Base URL of the API, including the stage. */
  readonly url: string;
  /** Partition of commands without --partition. */
  readonly partition?: string;
  /** Issuer of the tokens, for `jobtree login`. */
  readonly oidc?: OidcSettings;
  /** File with the development key of a local service, which signs its tokens. */
  readonly developmentKey?: string;
  /** Endpoint of the emulator of a local service, for its logs. */
  readonly emulator?: string;
}

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly audience?: string;
  readonly scope: string;
}

export interface Credentials {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expiresAt?: number;
  readonly refreshToken?: string;
}

interface ProfileFile {
  readonly current?: string;
  readonly profiles: Readonly<Record<string, Profile>>;
}

/** Name of the profile that `npm start` and `jobtree dev` write. */
export const LOCAL_PROFILE = 'local';

export class Profiles {
  readonly #file: string;
  readonly #credentialsFile: string;

  constructor(env: NodeJS.ProcessEnv) {
    this.#file = join(configFolder(env), 'profiles.json');
    this.#credentialsFile = join(configFolder(env), 'credentials.json');
  }

  get file(): string {
    return this.#file;
  }

  get current(): string | undefined {
    return this.#read().current;
  }

  all(): Readonly<Record<string, Profile>> {
    return this.#read().profiles;
  }

  /** Returns a profile by name, or the current one. `undefined` if there is none and no name is given. */
  find(name: string | undefined): { name: string; profile: Profile } | undefined {
    const { current, profiles } = this.#read();
    const wanted = name ?? current;
    if (wanted === undefined) return undefined;
    const profile = profiles[wanted];
    if (profile !== undefined) return { name: wanted, profile };
    throw usageError(
      `the profile '${wanted}' does not exist; existing: ${Object.keys(profiles).join(', ') || 'none'}`,
      'jobtree login --profile NAME creates one.',
    );
  }

  /** Stores a profile and makes it the current one. */
  save(name: string, profile: Profile): void {
    const { profiles } = this.#read();
    writeJson(this.#file, { current: name, profiles: { ...profiles, [name]: profile } });
  }

  use(name: string): void {
    this.find(name);
    writeJson(this.#file, { ...this.#read(), current: name });
  }

  remove(name: string): void {
    this.find(name);
    const { current, profiles } = this.#read();
    const { [name]: _removed, ...kept } = profiles;
    writeJson(this.#file, { ...(current !== name && { current }), profiles: kept });
    this.forget(name);
  }

  credentials(name: string): Credentials | undefined {
    return this.#readCredentials()[name];
  }

  saveCredentials(name: string, credentials: Credentials): void {
    writeJson(this.#credentialsFile, { ...this.#readCredentials(), [name]: credentials });
  }

  /** Deletes the credentials of a profile. */
  forget(name: string): void {
    const { [name]: _removed, ...kept } = this.#readCredentials();
    writeJson(this.#credentialsFile, kept);
  }

  #read(): ProfileFile {
    const content = readJson<ProfileFile>(this.#file) ?? { profiles: {} };
    if (typeof content.profiles === 'object' && content.profiles !== null) return content;
    throw new CliError(`${this.#file} has no "profiles"`, { hint: 'Delete the file and sign in again.' });
  }

  #readCredentials(): Readonly<Record<string, Credentials>> {
    return readJson<Record<string, Credentials>>(this.#credentialsFile) ?? {};
  }
}

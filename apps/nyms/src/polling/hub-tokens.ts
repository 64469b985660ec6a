/** What nyms shows to hubs' transmitters: a bearer token each, from a secret file `{"<hub>": "<token>"}`. Never in the policy, which all read. */
import { Secret, StartError } from '#platform';

/** RFC 6750 §2.1; bounded, since it goes into every request. */
const bearer = /^[A-Za-z0-9._~+/-]{1,4096}=*$/;

export class HubTokens {
  private constructor(private readonly tokens: ReadonlyMap<string, Secret>) {}

  /** @throws StartError for a file that is not of this form */
  static read(file: Secret | undefined): HubTokens {
    if (!file) return new HubTokens(new Map());
    let value: unknown;
    try {
      value = JSON.parse(file.text());
    } catch {
      throw refused();
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused();
    const entries = Object.entries(value);
    if (!entries.every(([, token]) => typeof token === 'string' && bearer.test(token))) throw refused();
    return new HubTokens(new Map(entries.map(([hub, token]) => [hub, new Secret(token as string)])));
  }

  /** Headers of a request to this hub. */
  of(hub: string): Record<string, string> {
    const token = this.tokens.get(hub);
    return token ? { authorization: `Bearer ${token.text()}` } : {};
  }
}

const refused = () => new StartError('NYMS_HUB_TOKENS_FILE must be a JSON object of hubs and their bearer tokens');

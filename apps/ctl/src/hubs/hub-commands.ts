/** `ctl hub …`: the hub set is part of the policy, so these edit the draft; it still has to be promoted. */
import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { isoDay, dayOf } from '#contracts';
import type { HubEntry, PolicyDocument } from '#contracts';
import { isOnProbation, weighsFrom } from '#policy';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import type { Session } from '../command/session.js';
import { table } from '../command/table.js';
import { changed, draftFile, livePolicy, nextDraft, readDraft, writeDraft } from '../policy/policy-draft.js';
import { StackError } from '../stack/stack-error.js';
import { addGroupCommand } from './group-command.js';
import { keysFrom, transmitterOf, withExpectedRate, withHub, withHubStatus } from './hub-draft.js';
import { addQuarantineCommands } from './quarantine/quarantine-commands.js';
import { addTrustCommand } from './trust/trust-commands.js';
import { addVerifyCommand } from './verify-command.js';

interface AddOptions {
  readonly operator: string;
  readonly trust: number;
  readonly key?: string;
  readonly jwksUrl?: string;
  readonly sandbox?: true;
  readonly streamId?: string;
  readonly pollUrl?: string;
  readonly verificationUrl?: string;
}

export function addHubCommands(program: Command, context: Context): void {
  const { session: open, print, now } = context;
  const hub = program.command('hub').description('who may send signals');
  const edit = (session: Session, change: (document: PolicyDocument) => PolicyDocument) => {
    const file = draftFile(session);
    const draft = existsSync(file) ? readDraft(file) : nextDraft(livePolicy(session.policyDir).document);
    const next = changed(draft, change);
    writeDraft(file, next);
    print(`draft of version ${next.document.version} changed: ${file}\nlive after \`ctl policy promote\``);
  };

  hub
    .command('add <origin>')
    .description('add a hub to the draft of the policy')
    .requiredOption('--operator <id>', 'who runs it; hubs of one operator count as one')
    .option('--trust <percent>', 'how much of each weight counts', Number, 100)
    .option('--key <file>', 'its public JWK or JWKS')
    .option('--jwks-url <url>', 'where its keys are, on its own TLS name')
    .option('--sandbox', 'to try things: its signals are answered like all others, and never weigh')
    .option('--stream-id <id>', "of the hub's SSF stream towards us")
    .option('--poll-url <url>', 'where its SETs are polled (RFC 8936), on its own TLS name; needs --stream-id')
    .option('--verification-url <url>', 'where its stream is asked for a sign of life; needs --stream-id')
    .addHelpText(
      'after',
      example(
        'hub add https://hub.example --operator example --key hub.jwk.json',
        'hub add https://test.hub.example --operator example --jwks-url https://test.hub.example/jwks.json --sandbox',
        'hub add https://hub.example --operator example --key hub.jwk.json --stream-id 7f2c --poll-url https://hub.example/ssf/poll',
      ),
    )
    .action((origin: string, options: AddOptions, command: Command) => {
      const { operator, trust, key, jwksUrl, sandbox } = options;
      const session = open(command);
      if (!key && !jwksUrl) throw new StackError('a hub without keys cannot sign', 'give --key or --jwks-url');
      const keys = key ? keysFrom(readFileSync(session.path(key), 'utf8')) : [];
      const since = isoDay(dayOf(now()));
      edit(session, (document) =>
        withHub(document, {
          id: origin,
          operator,
          trust,
          since,
          status: 'active',
          keys,
          revokedKids: [],
          ...(jwksUrl && { jwksUrl }),
          ...(sandbox && { sandbox }),
          ...transmitterOf(options),
        }),
      );
    });

  for (const [name, status] of [
    ['suspend', 'suspended'],
    ['resume', 'active'],
  ] as const) {
    hub
      .command(`${name} <origin>`)
      .description(status === 'suspended' ? 'refuse its signals from the next policy on' : 'take its signals again')
      .addHelpText('after', example(`hub ${name} https://hub.example`))
      .action((origin: string, _options: object, command: Command) =>
        edit(open(command), (document) => withHubStatus(document, origin, status)),
      );
  }

  hub
    .command('expect <origin> <signals>')
    .description('how many signals an epoch are usual for a hub, for the alarm; `estimate` goes by its last epochs')
    .addHelpText('after', example('hub expect https://hub.example 400', 'hub expect https://hub.example estimate'))
    .action((origin: string, signals: string, _options: object, command: Command) =>
      edit(open(command), (document) => withExpectedRate(document, origin, signals)),
    );

  addQuarantineCommands(hub, context);
  addTrustCommand(hub, context);
  addGroupCommand(hub, context);
  addVerifyCommand(hub, context);

  hub
    .command('list')
    .description('the hubs of the live policy')
    .addHelpText('after', example('hub list'))
    .action((_options: object, command: Command) => {
      const { document } = livePolicy(open(command).policyDir);
      const today = dayOf(now());
      const weighs = (entry: HubEntry) =>
        entry.sandbox
          ? 'never'
          : isOnProbation(document, entry.id, today)
            ? `from ${isoDay(weighsFrom(document, entry))}`
            : 'now';
      const rows = document.hubs.map((entry) => [
        entry.id,
        entry.operator,
        entry.trust,
        entry.since,
        entry.sandbox ? `${entry.status}, sandbox` : entry.status,
        weighs(entry),
        entry.transmitter?.pollUrl ? 'poll' : 'push',
        entry.jwksUrl ?? entry.keys.map(({ kid }) => kid).join(', '),
      ]);
      print(table(['hub', 'operator', 'trust %', 'since', 'status', 'weighs', 'by', 'keys'], rows));
    });
}

/** `ctl request …`: ask for an act that takes approvals, and have it done once others have approved it. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { requestText } from '#approvals';
import type { RequestType } from '#contracts';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import type { Session } from '../command/session.js';
import { StackError } from '../stack/stack-error.js';
import { actPreview } from './act-preview.js';
import { Desk } from './desk.js';
import { newRequest } from './make-request.js';
import type { CaseOptions } from './make-request.js';
import { outcomeText } from './outcome.js';
import { installRegistry, nextRegistry } from './people-file.js';
import { personAt } from './person.js';
import { requestOf } from './shown-requests.js';

const uri = 'mimi://provider.example/p/abcdefghijklmnopqrstuvwxyz';
const caseWords = '--case 2026-0042 --reason "court order 12/2026" --as lead-1';

const remedyOption = ['--remedy <name>', 'suspend or delete', 'suspend'] as const;

interface Kind {
  readonly type: RequestType;
  readonly argument?: readonly [string, string];
  readonly description: string;
  readonly example: string;
  /** flags, what it is, the default */
  readonly option?: readonly [string, string, string];
  parameters(given: string, session: Session, desk: Desk, options: CaseOptions & Readonly<Record<string, unknown>>): unknown;
}

const kinds: readonly Kind[] = [
  {
    type: 'unfreeze',
    description: 'let the key holder decide again, after a completely attested tally failed a check',
    example: 'request unfreeze --case incident-7 --reason "witness key was copied, replaced" --as operator-1',
    parameters: () => ({}),
  },
  {
    type: 'people',
    argument: ['<file>', 'JSON: the whole next registry of people; `ctl people --json` prints the present one'],
    description: 'replace the registry of people, their roles and the rules',
    example: 'request people people.json --case staff-3 --reason "lead-3 leaves" --as lead-1',
    parameters: (file, session) => ({ document: nextRegistry(readJson(session.path(file)), session) }),
  },
  {
    type: 'witnesses',
    argument: ['<file>', 'JSON {correlators, witnesses: [{id, key}], needed}, whole'],
    description: 'replace the pinned correlators and witnesses, and how many witnesses a tally takes',
    example: 'request witnesses attesters.json --case ops-9 --reason "second witness" --as operator-1',
    parameters: async (file, session, desk) => ({
      version: (await desk.attesters()).version + 1,
      attesters: readJson(session.path(file)),
    }),
  },
  {
    type: 'break-glass',
    argument: ['<uri>', 'the pseudonym'],
    description: 'learn which account is behind a pseudonym; `ctl break-glass` opens it once it is approved',
    example: `request break-glass ${uri} ${caseWords}`,
    parameters: (given) => ({ uri: given }),
  },
  {
    type: 'deletion',
    argument: ['<uri>', 'the pseudonym'],
    description: 'suspend for good and delete the account behind a pseudonym, without learning whose it is',
    example: `request deletion ${uri} ${caseWords}`,
    parameters: (given) => ({ uri: given }),
  },
  {
    type: 'expedite',
    argument: ['<uri>', 'the pseudonym'],
    description:
      'end all pseudonyms of the account behind one at once; whoever sees several end learns that they belong together',
    example: `request expedite ${uri} --case 2026-0042 --reason "threat to life" --as lead-1`,
    parameters: (given) => ({ uri: given }),
  },
  {
    type: 'related',
    argument: ['<uri>', 'the pseudonym'],
    description:
      'suspend or delete the account behind a pseudonym, and have related ones found (same verified e-mail address or phone number)',
    example: `request related ${uri} --remedy suspend ${caseWords}`,
    option: remedyOption,
    parameters: (given, _session, _desk, { remedy }) => ({ uri: given, remedy }),
  },
  {
    type: 'accounts',
    argument: ['<which>', 'a proposal of `ctl case proposals`, or handles with commas between them'],
    description:
      'suspend or delete accounts in a full release batch: those that were found related, or some that are named by handle',
    example: `request accounts 5lMJx0aQzV8m2d7Xo1kq3Yt6bWc9uEr4NhPsGiLfTgA --remedy suspend ${caseWords}`,
    option: remedyOption,
    parameters: (given, _session, _desk, { remedy }) =>
      given.length === 43 ? { remedy, proposal: given } : { remedy, handles: given.split(',') },
  },
  {
    type: 'undo-decision',
    argument: ['<epoch>', 'whose decision is undone'],
    description: 'lift every standing that the decision of an epoch made; `ctl decision undo` shows first what that is',
    example: 'request undo-decision 214 --case incident-8 --reason "a hub was broken into" --as lead-1',
    parameters: (given) => ({ epoch: Number(given) }),
  },
  {
    type: 'restore',
    argument: ['<epoch>', 'the last one that was ever decided, on either side: ask correlator, witnesses and the audit log'],
    description: 'let a restored key holder mint and decide again (docs/backup.md)',
    example: 'request restore 214 --case incident-9 --reason "the disk is new" --as operator-1',
    parameters: async (given, _session, desk) => ({
      restored: (await desk.registry()).generation,
      lastDecided: Number(given),
    }),
  },
  {
    type: 'key-rotation',
    description:
      'begin a new key epoch; `ctl keys pin` then tells the other processes, `ctl keys status` what still needs the old one',
    example: 'request key-rotation --case ops-12 --reason "yearly rotation" --as lead-1',
    parameters: () => ({ what: 'scheme' }),
  },
];

export const caseOptions = (command: Command): Command =>
  command
    .requiredOption('--case <id>', 'the case or incident this belongs to')
    .requiredOption('--reason <text>', 'for the record and for those who approve')
    .option('--expires <hours>', 'how long it may be approved and carried out', '24')
    .option('--as <id>', 'who asks, of the registry of people (default: CTL_PERSON_ID)');

export function addRequestCommands(program: Command, context: Context): void {
  const request = program.command('request').description('ask for an act that takes the approval of others');
  for (const kind of kinds) addKind(request, kind, context);
  request
    .command('execute <id>')
    .description('have it done, now that others have approved it; only its requester can')
    .option('--as <id>', 'the requester (default: CTL_PERSON_ID)')
    .addHelpText('after', example('request execute 5lMJx0aQ --as operator-1'))
    .action(async (id: string, { as }: { as?: string }, command: Command) => {
      const desk = deskOf(context, command, as);
      const entry = requestOf(await desk.requests(), id);
      if (entry.request.type === 'break-glass')
        throw new StackError('a break-glass is opened by its own command', '`ctl break-glass <id>` also asks the registrar');
      if (entry.state !== 'executed') context.print(outcomeText(await desk.execute(entry.request)));
      if (entry.request.type === 'people') context.print(`registry: ${installRegistry(context.session(command), entry)}`);
    });
}

function addKind(parent: Command, kind: Kind, context: Context): void {
  const command = parent.command(kind.type).description(kind.description);
  if (kind.argument) command.argument(...kind.argument);
  if (kind.option) command.option(...kind.option);
  caseOptions(command)
    .addHelpText('after', example(kind.example))
    .action(async (...args: unknown[]) => {
      const given = kind.argument ? (args[0] as string) : '';
      const options = args[kind.argument ? 1 : 0] as CaseOptions;
      await ask(context, args.at(-1) as Command, { kind, given, options });
    });
}

export async function ask(
  context: Context,
  command: Command,
  { kind, given, options }: { kind: Pick<Kind, 'type' | 'parameters'>; given: string; options: CaseOptions },
): Promise<void> {
  const session = context.session(command);
  const person = personAt(session, options.as);
  const desk = new Desk(session, person, context.now);
  const { people, generation } = await desk.registry();
  const parameters = await kind.parameters(given, session, desk, options as CaseOptions & Record<string, unknown>);
  const made = { requester: person.id, people, now: context.now(), generation };
  const request = newRequest(kind.type, parameters, options, made);
  const preview = await actPreview(request, desk);
  const digest = await desk.make(request);
  if (preview !== undefined) context.print(preview);
  context.print(`${requestText(request, people)}\n\nasked for: others approve it with \`ctl approve ${digest.slice(0, 12)}\``);
}

export function deskOf(context: Context, command: Command, as: string | undefined): Desk {
  const session = context.session(command);
  return new Desk(session, personAt(session, as), context.now);
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new StackError(`${file} cannot be read as JSON`, 'check the name and what is in it');
  }
}

/** `ctl people`, `ctl requests` and `ctl approve`: what others ask for, shown whole, and one's own signature under it. */
import type { Command } from 'commander';
import { approvalFault, digestOf, requestText, signRequest } from '#approvals';
import type { ApprovalFault, People } from '#approvals';
import type { RequestEntry } from '#contracts';
import { verify } from '#platform';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import { table } from '../command/table.js';
import { StackError } from '../stack/stack-error.js';
import { actPreview } from './act-preview.js';
import { confirmed } from './confirmed.js';
import type { Person } from './person.js';
import { personAt } from './person.js';
import { Desk } from './desk.js';
import { deskOf } from './request-commands.js';
import { judged, requestOf, standText } from './shown-requests.js';

const asOption = ['--as <id>', 'who asks, of the registry of people (default: CTL_PERSON_ID)'] as const;

const why: Readonly<Record<Exclude<ApprovalFault, 'repeated'>, string>> = {
  requester: 'you have asked for it yourself',
  person: 'the registry of people does not know you',
  role: 'it takes another role than yours',
  key: 'the registry has another key of yours',
  signature: 'your key does not sign',
};

export function addApprovalCommands(program: Command, context: Context): void {
  program
    .command('people')
    .description('who may ask for and approve what')
    .option('--json', 'the document, as `ctl request people` takes the next one')
    .option(...asOption)
    .addHelpText('after', example('people --as auditor-1'))
    .action(async ({ as, json }: { as?: string; json?: true }, command: Command) => {
      const { document, digest } = await deskOf(context, command, as).people();
      if (json) return context.print(JSON.stringify(document, undefined, 2));
      const rules = Object.entries(document.rules).map(([type, { role, approvals }]) => [type, role, approvals]);
      context.print(`version ${document.version}, digest ${digest}`);
      context.print(
        table(
          ['person', 'roles', 'keys'],
          document.people.map(({ id, roles, keys }) => [id, roles.join(', '), keys.length]),
        ),
      );
      context.print(table(['act', 'approved by', 'so many'], rules));
    });

  program
    .command('requests [id]')
    .description('what was asked for; with an id, all of it and who approves')
    .option('--json', 'as the key holder shows it')
    .option(...asOption)
    .addHelpText('after', example('requests --as lead-2', 'requests 5lMJx0aQ --as auditor-1'))
    .action(async (id: string | undefined, { as, json }: { as?: string; json?: true }, command: Command) => {
      const desk = deskOf(context, command, as);
      const [entries, people] = [await desk.requests(), await desk.people()];
      const shown = id === undefined ? entries : [requestOf(entries, id)];
      if (json) return context.print(JSON.stringify(shown, undefined, 2));
      if (id === undefined) return context.print(listText(shown, people, context.now()));
      for (const entry of shown)
        context.print(`${requestText(entry.request, people)}\n\n${standText(entry, people, context.now())}`);
    });

  program
    .command('approve <id>')
    .description('read a request, all of it, and sign it')
    .option('--yes', 'sign without asking: for whoever has read it before')
    .option(...asOption)
    .addHelpText('after', example('approve 5lMJx0aQ --as lead-2'))
    .action(async (id: string, { as, yes }: { as?: string; yes?: true }, command: Command) => {
      const session = context.session(command);
      const person = personAt(session, as);
      const desk = new Desk(session, person, context.now);
      const [entries, people] = [await desk.requests(), await desk.people()];
      const entry = requestOf(entries, id);
      requireUseful(entry, person, people, context.now());
      context.print(`${requestText(entry.request, people)}\n\n${standText(entry, people, context.now())}`);
      const preview = await actPreview(entry.request, desk);
      if (preview !== undefined) context.print(preview);
      if (!yes && !(await confirmed(`sign this request as ${person.id}? [y/N] `))) return context.print('not signed');
      await desk.approve(entry.request);
      context.print(`signed by ${person.id}: ${digestOf(entry.request)}`);
    });
}

function listText(entries: readonly RequestEntry[], people: People, now: Date): string {
  const rows = entries.map((entry) => {
    const { type, requester, case: caseId, expiresAt } = entry.request;
    return [digestOf(entry.request).slice(0, 12), type, requester, caseId, expiresAt, standText(entry, people, now)];
  });
  return rows.length === 0 ? 'nobody has asked for anything' : table(['id', 'act', 'requester', 'case', 'expires', ''], rows);
}

/** Says before anybody reads and signs what the key holder would only refuse. */
function requireUseful(entry: RequestEntry, person: Person, people: People, now: Date): void {
  const { fault, approvers } = judged(entry, people, now);
  if (entry.state !== 'open' || fault)
    throw new StackError(`the request is ${entry.state === 'open' ? fault : entry.state}`, 'ask for it anew');
  if (approvers.includes(person.id)) throw new StackError('you have approved it before', 'nothing is left to do');
  const own = approvalFault(entry.request, signRequest('approval', entry.request, person), people, verify);
  if (own) throw new StackError(`your approval would not count: ${why[own]}`, '`ctl people` shows who may approve what');
}

/** `ctl policy …`: from draft to live. Installing is copying a file that the quorum signed; processes follow within a second. */
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { toBase64Url } from '#contracts';
import type { SignedPolicy } from '#contracts';
import { checkPolicy, defaultPolicy, policyDigest, policySigners, signPolicy } from '#policy';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import type { Session } from '../command/session.js';
import { table } from '../command/table.js';
import { installedVersions, installPolicyFile, readPolicyFile } from '../stack/policy-files.js';
import { StackError } from '../stack/stack-error.js';
import { changed, livePolicy, nextDraft, readDraft, set, writeDraft } from './policy-draft.js';
import { diffLine, policyDiff } from './policy-diff.js';
import { policySummary } from './policy-summary.js';

/** Where `--file` does not say otherwise. */
export const draftFile = (session: Session, given?: string): string =>
  given ? session.path(given) : path.join(session.dataDir, 'policy-draft.json');

interface FileOption {
  readonly file?: string;
}

export function addPolicyCommands(program: Command, { session: open, print, exitWith }: Context): void {
  const policy = program.command('policy').description('edit, check, sign and install what operators decide');
  const file = ['--file <path>', 'the draft (default: policy-draft.json in the data folder)'] as const;

  policy
    .command('new')
    .description('make a draft from the live policy, or from the defaults')
    .option(...file)
    .option('--defaults <domain>', 'start from the defaults for this domain instead')
    .option('--set <name=value...>', 'change a value, e.g. negative.threshold=70')
    .option('--force', 'replace a draft that is there')
    .addHelpText('after', example('policy new --set negative.threshold=70 --set limits.ticketsPerDay=10'))
    .action((options: FileOption & { defaults?: string; set?: string[]; force?: true }, command: Command) => {
      const session = open(command);
      const target = draftFile(session, options.file);
      if (existsSync(target) && !options.force)
        throw new StackError(`there is a draft ${target}`, 'install it, or replace it with --force');
      const start: SignedPolicy = options.defaults
        ? {
            document: defaultPolicy({
              domain: options.defaults,
              audience: `https://${options.defaults}`,
              version: (installedVersions(session.policyDir).at(-1) ?? 0) + 1,
            }),
            signatures: [],
          }
        : nextDraft(livePolicy(session.policyDir).document);
      const draft = (options.set ?? []).reduce((made, setting) => changed(made, (document) => set(document, setting)), start);
      mkdirSync(path.dirname(target), { recursive: true });
      writeDraft(target, draft);
      print(`draft of version ${draft.document.version}: ${target}`);
    });

  policy
    .command('check')
    .description('say what in a draft must not be; exit code 1 if anything')
    .option(...file)
    .option('--development', 'without the rules for production')
    .addHelpText('after', example('policy check --development'))
    .action((options: FileOption & { development?: true }, command: Command) => {
      const { document } = readDraft(draftFile(open(command), options.file));
      const violations = checkPolicy(document, { production: !options.development });
      for (const violation of violations) print(`✗ ${violation}`);
      if (violations.length === 0) print(`version ${document.version} may be followed`);
      else exitWith(1);
    });

  policy
    .command('sign')
    .description("add an operator's signature to a draft")
    .option(...file)
    .addHelpText('after', example('policy sign'))
    .action((options: FileOption, command: Command) => {
      const session = open(command);
      const target = draftFile(session, options.file);
      const draft = readDraft(target);
      const { id, key } = session.operator();
      const others = draft.signatures.filter(({ operator }) => operator !== id);
      const signed = { ...draft, signatures: [...others, ...signPolicy(draft.document, [{ operator: id, key }]).signatures] };
      writeDraft(target, signed);
      const { quorum } = session.operators();
      print(
        `signed by ${id}; ${policySigners(signed, session.operators()).size} of ${quorum} signatures, digest ${toBase64Url(policyDigest(draft.document))}`,
      );
    });

  policy
    .command('install')
    .description('put a signed draft where the processes look')
    .option(...file)
    .addHelpText('after', example('policy install'))
    .action((options: FileOption, command: Command) => {
      const session = open(command);
      const signed = readDraft(draftFile(session, options.file));
      const { version } = signed.document;
      const operators = session.operators();
      const signers = policySigners(signed, operators).size;
      if (signers < operators.quorum)
        throw new StackError(
          `${signers} of the ${operators.quorum} signatures it needs are there`,
          'sign it with `ctl policy sign`',
        );
      const live = installedVersions(session.policyDir).at(-1) ?? 0;
      if (version <= live)
        throw new StackError(`version ${live} is live, and this is ${version}`, 'raise `version` in the draft and sign it again');
      const [violation] = checkPolicy(signed.document, { production: false });
      if (violation) throw new StackError(`no process would follow it (${violation})`, 'see `ctl policy check`');
      print(`installed ${installPolicyFile(session.policyDir, signed)}`);
    });

  policy
    .command('show')
    .description('the live policy, or an earlier one')
    .option('--of <version>', 'this version', Number)
    .option('--json', 'the whole document')
    .addHelpText('after', example('policy show', 'policy show --of 1 --json'))
    .action((options: { of?: number; json?: true }, command: Command) => {
      const { policyDir } = open(command);
      const { document } = options.of === undefined ? livePolicy(policyDir) : readPolicyFile(policyDir, options.of);
      print(options.json ? JSON.stringify(document, undefined, 2) : table(['', 'policy'], policySummary(document)));
    });

  policy
    .command('diff')
    .description('what a draft changes, or what one installed version changed')
    .option(...file)
    .option('--from <version>', 'compare this installed version', Number)
    .option('--to <version>', 'with this one instead of the draft', Number)
    .addHelpText('after', example('policy diff', 'policy diff --from 1 --to 2'))
    .action((options: FileOption & { from?: number; to?: number }, command: Command) => {
      const session = open(command);
      const before = options.from === undefined ? livePolicy(session.policyDir) : readPolicyFile(session.policyDir, options.from);
      const after =
        options.to === undefined ? readDraft(draftFile(session, options.file)) : readPolicyFile(session.policyDir, options.to);
      const rows = policyDiff(before.document, after.document);
      print(rows.length === 0 ? 'no difference' : rows.map(diffLine).join('\n'));
    });
}

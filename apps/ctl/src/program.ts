/** The command line as a whole: every command, and how its faults read. */
import { Command } from 'commander';
import { addApprovalCommands } from './approvals/approval-commands.js';
import { addBreakGlassCommand } from './approvals/break-glass-command.js';
import { addCaseCommands } from './approvals/case-commands.js';
import { addDecisionCommands } from './approvals/decision-command.js';
import { addRequestCommands } from './approvals/request-commands.js';
import { addAuditCommands } from './audit/audit-commands.js';
import { addBackupCommands } from './backup/backup-commands.js';
import { addBenchCommand } from './bench/bench-command.js';
import type { Context } from './command/context.js';
import { addIssuerCommands } from './dev-issuer/issuer-commands.js';
import { addDoctorCommand } from './doctor/doctor-commands.js';
import { addHubCommands } from './hubs/hub-commands.js';
import { addKeysCommands } from './keys/keys-commands.js';
import { addModerationCommands } from './moderation/moderation-commands.js';
import { addReportCommands } from './moderation/report-commands.js';
import { addEpochCommands } from './operators/epoch-commands.js';
import { addSelftestCommand } from './operators/selftest-command.js';
import { addPolicyCommands } from './policy/policy-commands.js';
import type { Scenario } from './start/scenario.js';
import { addStartCommand } from './start/start-command.js';
import { addStreamCommands } from './streams/stream-commands.js';
import { addTopCommand } from './top/top-commands.js';

export function ctlProgram(context: Context, scenario: Scenario | undefined): Command {
  const program = new Command('ctl')
    .description('Run, operate and check nymtally.')
    .option('--data <folder>', 'data folder (default: .nymtally)')
    .showSuggestionAfterError()
    .exitOverride();
  addStartCommand(program, context, scenario);
  addDoctorCommand(program, context);
  addSelftestCommand(program, context);
  addTopCommand(program, context);
  addPolicyCommands(program, context);
  addHubCommands(program, context);
  addStreamCommands(program, context);
  addModerationCommands(program, context);
  addReportCommands(program, context);
  addEpochCommands(program, context);
  addRequestCommands(program, context);
  addApprovalCommands(program, context);
  addBreakGlassCommand(program, context);
  addDecisionCommands(program, context);
  addCaseCommands(program, context);
  addAuditCommands(program, context);
  addKeysCommands(program, context);
  addBackupCommands(program, context);
  addIssuerCommands(program, context);
  addBenchCommand(program, context);
  return inherit(program);
}

/** Sub-commands end by exception too, so that main.ts alone ends the process. */
function inherit(command: Command): Command {
  for (const child of command.commands) inherit(child.exitOverride().showSuggestionAfterError());
  return command;
}

/** Reports as a moderator reads them: what is attested, by whom, and what is only said. Pure. */
import { isoDay } from '#contracts';
import type { PseudonymReports } from '#contracts';

type Report = PseudonymReports['reports'][number];

export const reportHead = ['day', 'hub', 'jti', 'reason', 'room', 'state', 'messages', 'attested'] as const;

export const reportRow = ({ day, hub, jti, reason, room = '', state, messages }: Report): (string | number)[] => [
  isoDay(day),
  hub,
  jti,
  reason,
  room,
  state,
  messages.length,
  messages.filter(({ evidence }) => evidence !== 'not verified').length,
];

export function reportLines(report: Report): string {
  const { day, hub, jti, state, reason, reasonCode, reporters, room, hubVerified, messages } = report;
  return [
    `${isoDay(day)}  ${hub}  ${jti}  (${state})`,
    `  reason    ${reason}${reasonCode === undefined ? '' : `, code ${reasonCode}`}`,
    `  room      ${room ?? 'not said'}`,
    ...(reporters === undefined ? [] : [`  reporters ${reporters}, says the hub`]),
    `  content   ${hubVerified ? 'the hub says that it has checked it' : 'not checked by the hub'}; nobody else can`,
    ...messages.map(({ acceptedDay, evidence }, i) => `  message ${i + 1} ${dateText(acceptedDay)}: ${evidence}`),
    ...(messages.length === 0 ? ['  no message with a frank'] : []),
  ].join('\n');
}

const dateText = (day: number | undefined): string => (day === undefined ? 'at no date' : `of ${isoDay(day)}`);

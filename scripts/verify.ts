/** `npm run verify`: everything CI runs, in the order that fails soonest. */
import { spawnSync } from 'node:child_process';

const GATES: [string, string[]][] = [
	['format', ['run', 'format:check']],
	['lint and import boundaries', ['run', 'lint']],
	['types', ['run', 'check']],
	['generated database types and advisors', ['run', 'db:check']],
	['tests', ['test']]
];

for (const [name, command] of GATES) {
	const began = performance.now();
	console.log(`\n── ${name} ──`);
	const { status } = spawnSync('npm', command, { stdio: 'inherit' });
	const seconds = ((performance.now() - began) / 1000).toFixed(0);
	if (status !== 0) {
		console.error(`\n${name} failed after ${seconds} s. Alone: npm ${command.join(' ')}`);
		process.exit(status ?? 1);
	}
	console.log(`── ${name}: ${seconds} s`);
}

/** `npm run status [-- --json]`: addresses and keys of the running stack. */
import { findRunning } from './running.ts';
import { readSettings } from './settings.ts';

const running = findRunning(readSettings().home);
if (!running) {
	console.error('Verstak is not running here. Start it with: npm start');
	process.exitCode = 1;
} else if (process.argv.includes('--json')) {
	const { app, api, db, mail, publishable_key } = running;
	console.log(JSON.stringify({ app, api, db, mail, publishable_key }));
} else {
	console.log(`app  ${running.app}\napi  ${running.api}\ndb   ${running.db}`);
	if (running.mail) console.log(`mail ${running.mail}`);
	console.log(`publishable key  ${running.publishable_key}\nprocess  ${running.pid}`);
}

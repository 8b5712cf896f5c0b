/** The measured Realtime server: a whole embedded stack, with room for more than 1,000 sockets. */
import { startTestStack, type TestStack } from '../support/stack.ts';
import { answerQuestions } from './child.ts';
import { usage } from './usage.ts';

let stack: TestStack | undefined;

answerQuestions(async (question: 'start' | 'usage') => {
	if (question === 'usage') return usage();
	const limits = {
		connections: 5_000,
		joinsPerSecond: 5_000,
		eventsPerSecond: 1e7,
		eventsPerConnectionPerSecond: 1e6
	};
	stack = await startTestStack('empty', { realtime: { limits } });
	return {
		url: `${stack.url.replace('http', 'ws')}/realtime/v1/websocket`,
		key: stack.keys.publishable
	};
});
process.once('disconnect', () => void stack?.dispose().then(() => process.exit(0)));

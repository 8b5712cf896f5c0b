// what must never be in the repository
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const files = execFileSync('git', ['ls-files'], { cwd: PROJECT, encoding: 'utf8' })
	.split('\n')
	.filter((name) => name && statSync(PROJECT + name, { throwIfNoEntry: false })?.isFile());
const texts = files
	.filter((name) => !/\.(png|gif|webp|ico|woff2)$/.test(name))
	.map((name) => ({ name, text: readFileSync(PROJECT + name, 'utf8') }));

it('holds no key, token or password of an installation', () => {
	const secret =
		/sb_(secret|publishable)_[A-Za-z0-9_-]{20,}|eyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\.|-----BEGIN [A-Z ]*PRIVATE KEY/;
	expect(texts.filter(({ text }) => secret.test(text)).map(({ name }) => name)).toEqual([]);
});

it('names no download address in the lock file, so that any registry serves it', () => {
	const lock = JSON.parse(readFileSync(`${PROJECT}package-lock.json`, 'utf8')) as {
		packages: Record<string, { resolved?: string }>;
	};
	expect(Object.values(lock.packages).flatMap(({ resolved }) => resolved ?? [])).toEqual([]);
});

it('pins every direct dependency exactly', () => {
	const { dependencies, devDependencies } = JSON.parse(
		readFileSync(`${PROJECT}package.json`, 'utf8')
	) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
	const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
		([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)
	);
	expect(loose).toEqual([]);
});

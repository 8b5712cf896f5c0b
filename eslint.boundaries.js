/**
 * Imports go downward only: routes → shell → nouns → {ui, realtime, supabase, access, format,
 * errors}. Within a folder imports are relative ('./x'), across folders they go through $lib, so
 * that these patterns see them.
 */
const nouns =
	'board|orders|clients|assets|leads|campaigns|services|contracts|payments|masters|employees|statistics|notifications|settings|forms|tokens';

const folders = `${nouns}|lib|routes|hooks|shell|ui|realtime|supabase|access|format|errors`;

const library = {
	regex: '^@supabase/',
	allowTypeImports: true,
	message: 'Only *.data.ts and lib/supabase speak to supabase-js.'
};
const backend = {
	regex: '(^|/)supabase/(embedded|demo|functions)/',
	message: 'The app reaches the backend over HTTP only.'
};
const upward = {
	regex: `^(\\.\\./)+(${folders})/`,
	message: 'Across folders import through $lib, so that the tiers can be checked.'
};
const impureNoun = {
	regex: `^\\$lib/(${nouns})/.*(\\.data|\\.server|\\.svelte)(\\.[jt]s)?$`,
	message: 'From another noun take its pure files only.'
};
const outside = (allowed, message) => ({ regex: `^\\$lib/(?!(${allowed})/)`, message });

const tier = (files, patterns, ignores = []) => ({
	files,
	ignores,
	rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] }
});

const lib = (folder, allowed, message) => [
	tier(
		[`src/lib/${folder}/**`],
		[library, backend, upward, outside(allowed, message)],
		['**/*.data.ts', 'src/lib/supabase/**']
	),
	tier([`src/lib/${folder}/**/*.data.ts`], [backend, upward, outside(allowed, message)])
];

const low = 'The lower tiers know nothing of nouns, shell and routes.';

export const boundaries = [
	tier(['src/routes/**', 'src/hooks/**', 'src/*.ts'], [library, backend]),
	...lib('shell', `shell|${nouns}|ui|realtime|supabase|access|format|errors|paraglide`, low),
	...lib(
		'{' + nouns.replaceAll('|', ',') + '}',
		`${nouns}|ui|realtime|supabase|access|format|errors|paraglide`,
		'A noun does not know the shell.'
	).map((config) => {
		const [severity, { patterns }] = config.rules['@typescript-eslint/no-restricted-imports'];
		const rule = [severity, { patterns: [...patterns, impureNoun] }];
		return { ...config, rules: { '@typescript-eslint/no-restricted-imports': rule } };
	}),
	...lib('ui', 'ui|paraglide', 'ui knows no business words and no data.'),
	...lib('format', 'format|paraglide', low),
	...lib('errors', 'errors|format|paraglide', low),
	...lib('access', 'access|supabase|errors|format|paraglide', low),
	...lib('realtime', 'realtime|supabase|access|errors|format|paraglide', low),
	tier(['src/lib/supabase/**'], [backend, upward, outside('supabase|errors', low)]),
	tier(
		['supabase/embedded/**'],
		[
			{
				regex: '(^\\$lib|/src/|^\\.\\./\\.\\./\\.\\./src)',
				message: 'The embedded backend stands alone.'
			}
		]
	)
];

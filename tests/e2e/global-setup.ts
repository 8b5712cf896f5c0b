import { buildApp } from '../../scripts/build-app.ts';
import { prepareTemplates } from '../support/template.ts';

export default async function setup(): Promise<void> {
	await Promise.all([buildApp(), prepareTemplates()]);
}

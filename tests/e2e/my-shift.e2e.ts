// the shift bar on the phone, the team page of the coordinator, corrections, one's own month
import { MyPage, phone, prepareMaster } from './pages/my.ts';
import { expect, test } from './fixtures.ts';

test('each tap of the shift shows on the team page within a second', async ({ world }) => {
	const master = await prepareMaster(world, 'master', false);
	const desk = await world.window('coordinator2', phone);
	await desk.goto('/app/team');
	await expect(desk.locator('[data-testid="team"][data-live-state="live"]')).toBeVisible();
	const mine = await new MyPage(await world.window('master', phone)).open();
	const state = desk.locator(`[data-master-id="${master}"] [data-availability]`);
	const is = (word: string) =>
		expect(state).toHaveAttribute('data-availability', word, { timeout: 1_500 });

	await is('off');
	await mine.shift.getByRole('button', { name: 'Start the shift' }).click();
	await is('free');
	await expect(mine.shift.locator('[data-availability="free"]')).toBeVisible();
	await mine.shift.getByRole('button', { name: 'Break' }).click();
	await is('break');
	await expect(state).toContainText(/\S/);
	await expect(state.locator('svg')).toBeVisible();
	await mine.shift.getByRole('button', { name: 'Back to work' }).click();
	await is('free');
	await mine.shift.getByRole('button', { name: 'End the shift' }).click();
	await is('off');
	await mine.page.reload();
	await expect(mine.shift).toHaveAttribute('data-shift', 'off');
});

test('a coordinator corrects a shift, and its owner sees that it was corrected', async ({
	world
}) => {
	const master = await prepareMaster(world, 'master', false);
	await world.sql`delete from public.shift_breaks b using public.shifts s
		where s.id = b.shift_id and s.employee_id = ${master}`;
	await world.sql`delete from public.shifts where employee_id = ${master}`;
	const [shift] = await world.sql`
		insert into public.shifts (employee_id, location_id, started_at, ended_at, closed_by_rule)
		select id, location_id, now() - interval '3 hours', now() - interval '1 hour', true
		from public.employees where id = ${master} returning id, started_at`;
	const desk = await world.window('coordinator2', phone);
	await desk.goto('/app/team');
	await expect(desk.locator('[data-testid="team"][data-live-state="live"]')).toBeVisible();
	await desk
		.locator(`[data-master-id="${master}"]`)
		.getByRole('button', { name: 'Shifts' })
		.click();
	const row = desk.locator(`[data-shift-id="${shift?.id}"]`);
	await expect(row).toContainText('Ended by the rule');
	await row.getByRole('button', { name: 'Correct' }).click();
	const end = row.getByLabel('To');
	const was = await end.inputValue();
	const [hour = '', minute = ''] = was.slice(11).split(':');
	await end.fill(
		`${was.slice(0, 11)}${hour}:${String((Number(minute) + 59) % 60).padStart(2, '0')}`
	);
	await row.getByLabel('Why it is corrected').fill('Забув вийти');
	await row.getByRole('button', { name: 'Save' }).click();
	await expect(row).toContainText('Corrected');
	const [now] = await world.sql`select * from public.shifts where id = ${shift?.id}`;
	expect(now?.started_at).toEqual(shift?.started_at);
	expect(now?.note).toBe('Забув вийти');
	expect(now?.corrected_by).not.toBeNull();

	const mine = await world.window('master', phone);
	await mine.goto('/app/my/shifts');
	const own = mine.locator(`[data-shift-id="${shift?.id}"]`);
	await expect(own).toContainText('Corrected');
	await expect(own).toContainText('Забув вийти');
	await mine.getByRole('link', { name: 'Month before' }).click();
	await expect(own).toHaveCount(0);
});

test('masters do not open the team page', async ({ world }) => {
	const mine = await world.window('master', phone);
	const answer = await mine.goto('/app/team');
	expect(answer?.status()).toBe(403);
});

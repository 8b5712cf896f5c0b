import type { RightsTopic } from './rights.ts';

/** A path of the bucket order-photos; `number` tells the files of one order apart. */
export const photoPath = (order: number | string, number: number) =>
	`${order}/00000000-0000-4000-8000-${String(number).padStart(12, '0')}.jpg`;

/* what belongs to an order: lines and their costs, photos */
export const orderDetailsRights: RightsTopic = {
	helpers: ['private.order_of_file'],
	make: async (sql, { order }) => {
		const [line] = await sql`insert into public.order_lines (order_id, title, unit_price)
			values (${Number(order)}, 'Work', 100) returning id`;
		const [other] = await sql`insert into public.order_lines (order_id, title, unit_price)
			values (${Number(order)}, 'Part', 100) returning id`;
		await sql`insert into public.order_line_costs (line_id, unit_cost) values (${line?.id}, 40)`;
		const [photo] = await sql`insert into public.order_photos (order_id, path)
			values (${Number(order)}, ${photoPath(Number(order), 1)}) returning id`;
		return {
			line: line?.id,
			costless: other?.id,
			photo: photo?.id,
			path: photoPath(Number(order), 2)
		};
	},
	attempts: `
order_lines | select | orders.money orders.read | select * from public.order_lines where id = :line
order_lines | insert | orders.update orders.money orders.read | insert into public.order_lines (order_id, title, unit_price) values (:order, 'New', 1) returning id
order_lines | update | orders.update orders.money orders.read | update public.order_lines set quantity = 2, title = 'New' where id = :line returning id
order_lines | delete | orders.update orders.money orders.read | delete from public.order_lines where id = :line returning id
order_line_costs | select | orders.costs orders.money orders.read | select * from public.order_line_costs where line_id = :line
order_line_costs | insert | orders.costs orders.update orders.money orders.read | insert into public.order_line_costs (line_id, unit_cost) values (:costless, 1) returning line_id
order_line_costs | update | orders.costs orders.update orders.money orders.read | update public.order_line_costs set unit_cost = 2 where line_id = :line returning line_id
order_line_costs | delete | orders.costs orders.update orders.money orders.read | delete from public.order_line_costs where line_id = :line returning line_id
order_photos | select | orders.read | select * from public.order_photos where id = :photo
order_photos | insert | orders.update orders.read | insert into public.order_photos (order_id, path) values (:order, :path) returning id
order_photos | update | orders.update orders.read | update public.order_photos set caption = 'New' where id = :photo returning id
order_photos | delete | orders.update orders.read | delete from public.order_photos where id = :photo returning id
`
};

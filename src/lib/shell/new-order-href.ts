/** Where an order is taken in: beside the board for those who are at it, else on a page of its own. */
export const newOrderHref = ({ pathname, search }: Pick<URL, 'pathname' | 'search'>): string =>
	/^\/app\/board(\/\d+)?$/.test(pathname) ? `/app/board/new${search}` : '/app/orders/new';

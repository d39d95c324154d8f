using CallDesk.Store;
using IncomingCalls;
using Microsoft.EntityFrameworkCore;

namespace CallDesk.Postgres;

/// <summary>
/// Lets a handler write in the transaction that ends its delivery: the inbox commits both, or neither. So a row is written once, whenever a node dies.
/// </summary>
internal sealed class EventTransactionFilter(DeskDb db, ICallEventTransaction events) : ICallEventFilter
{
    public async ValueTask InvokeAsync(CallEventContext context, CallEventDelegate next, CancellationToken cancellationToken)
    {
        var transaction = await events.BeginAsync(cancellationToken);
        db.Database.SetDbConnection(transaction.Connection);
        await db.Database.UseTransactionAsync(transaction, cancellationToken);
        await next(context, cancellationToken);
    }
}

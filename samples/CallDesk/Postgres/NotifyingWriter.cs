using System.Globalization;
using CallDesk.Store;
using Microsoft.EntityFrameworkCore;

namespace CallDesk.Postgres;

/// <summary>
/// Notifies all nodes of a change in the transaction of the write. PostgreSQL sends the notification when that is committed, and not otherwise, so a node that
/// dies loses neither of the two without the other.
/// </summary>
internal sealed class NotifyingWriter(DeskDb db) : IDeskWriter
{
    public async Task WriteAsync(DeskChange change, Func<Task> write, CancellationToken cancellationToken)
    {
        // Null in a handler whose transaction the inbox commits.
        await using var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancellationToken) : null;
        await write();
        await db.Database.ExecuteSqlAsync($"SELECT pg_notify({ChangeNotification.Channel}, {ChangeNotification.Format(change)})", cancellationToken);
        if (own is not null)
        {
            await own.CommitAsync(cancellationToken);
        }
    }
}

/// <summary>The text of a notification: the number of the kind and the key of the row. The key has no phone number.</summary>
internal static class ChangeNotification
{
    public const string Channel = "call_desk";

    public static string Format(DeskChange change) => string.Create(CultureInfo.InvariantCulture, $"{(int)change.Kind} {change.Id}");

    /// <summary>Gets the change; null if another program has sent the notification.</summary>
    public static DeskChange? Parse(string text) =>
        text.Split(' ', 2) is [var kind, var id] && int.TryParse(kind, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new((DeskRowKind)number, id) : null;
}

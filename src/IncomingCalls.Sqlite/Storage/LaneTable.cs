using IncomingCalls.Inbox;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Storage;

/// <summary>
/// Reads and writes the table <c>lanes</c>, the index of pending work by handler, destination or instance, and due time. A slow handler, a busy instance or
/// a destination that is paused therefore hides no work of others.
/// </summary>
internal sealed class LaneTable(SqliteConnection connection) : IDisposable
{
    private readonly Statement _insert = new(
        connection,
        "INSERT INTO lanes (handler, destination, id_instance, due_at, call_id, waits_for, deliveries, received_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");

    private readonly Statement _delete = new(connection, "DELETE FROM lanes WHERE handler = ?1 AND destination = ?2 AND id_instance = ?3 AND due_at = ?4 AND call_id = ?5");

    private readonly Statement _due = new(
        connection,
        "SELECT c.id_instance, c.id_message FROM lanes l JOIN calls c ON c.id = l.call_id WHERE l.handler = ?1 AND l.destination = ?2 AND l.id_instance = ?3 AND l.due_at <= ?4 ORDER BY l.due_at LIMIT ?5");

    private readonly Statement _firstGroup = new(connection, "SELECT handler, destination, id_instance, due_at FROM lanes ORDER BY handler, destination, id_instance, due_at LIMIT 1");

    private readonly Statement _nextGroup = new(
        connection, "SELECT handler, destination, id_instance, due_at FROM lanes WHERE (handler, destination, id_instance) > (?1, ?2, ?3) ORDER BY handler, destination, id_instance, due_at LIMIT 1");

    /// <summary>Writes the lanes of a call that differ from those in the file.</summary>
    public void Write(LoadedCall call)
    {
        var after = call.State!.GetLanes();
        foreach (var lane in call.LanesBefore.Where(lane => !after.Any(other => IsSameRow(lane, other))))
        {
            _delete.Execute(lane.HandlerName, lane.Group.Destination ?? "", lane.Group.IdInstance, lane.DueAt.ToUnixTimeMilliseconds(), call.RowId);
        }

        foreach (var lane in after.Where(lane => !call.LanesBefore.Any(other => IsSameRow(lane, other))))
        {
            _insert.Execute(
                lane.HandlerName,
                lane.Group.Destination ?? "",
                lane.Group.IdInstance,
                lane.DueAt.ToUnixTimeMilliseconds(),
                call.RowId,
                (long)lane.WaitsFor,
                lane.Count,
                (lane.Next?.PendingEvent.Event.ReceivedAt ?? call.State.TouchedAt).ToUnixTimeMilliseconds());
        }
    }

    /// <summary>Gets calls with a lane that waits for the caller's name and is not due yet. Reads the whole table.</summary>
    public static IReadOnlyList<CallKey> ReadNameWaits(SqliteConnection connection, DateTimeOffset now, int limit)
    {
        List<CallKey> keys = [];
        using var statement = new Statement(
            connection, "SELECT DISTINCT c.id_instance, c.id_message FROM lanes l JOIN calls c ON c.id = l.call_id WHERE l.waits_for = ?1 AND l.due_at > ?2 LIMIT ?3");
        using var rows = statement.Query((long)DeliveryWait.CallerName, now.ToUnixTimeMilliseconds(), limit);
        while (rows.Read())
        {
            keys.Add(new(rows.Number(0), rows.Text(1)));
        }

        return keys;
    }

    /// <summary>Gets the calls with a due lane in a group, those that have been due for the longest time first.</summary>
    public IReadOnlyList<CallKey> FindDueCalls(LaneGroup group, DateTimeOffset now, int limit)
    {
        List<CallKey> keys = [];
        using var rows = _due.Query(group.HandlerName, group.Destination ?? "", group.IdInstance, now.ToUnixTimeMilliseconds(), limit);
        while (rows.Read())
        {
            keys.Add(new(rows.Number(0), rows.Text(1)));
        }

        return keys;
    }

    /// <summary>Gets the groups with a due lane. Takes one index lookup per group with pending work, regardless of the number of calls.</summary>
    public IReadOnlyList<LaneGroup> FindDueGroups(DateTimeOffset now)
    {
        List<LaneGroup> groups = [];
        for (var row = ReadGroup(_firstGroup.Query()); row is { } next; row = ReadGroup(_nextGroup.Query(next.Group.HandlerName, next.Group.Destination ?? "", next.Group.IdInstance)))
        {
            if (next.DueAt <= now.ToUnixTimeMilliseconds())
            {
                groups.Add(next.Group);
            }
        }

        return groups;
    }

    public void Dispose()
    {
        foreach (var statement in (Statement[])[_insert, _delete, _due, _firstGroup, _nextGroup])
        {
            statement.Dispose();
        }
    }

    private static (LaneGroup Group, long DueAt)? ReadGroup(StatementRows rows)
    {
        using (rows)
        {
            return !rows.Read() ? null : rows.Text(1) is { Length: > 0 } destination ? (new(rows.Text(0), destination), rows.Number(3)) : (new(rows.Text(0), rows.Number(2)), rows.Number(3));
        }
    }

    private static bool IsSameRow(Lane lane, Lane other) =>
        lane.Group == other.Group
        && lane.DueAt.ToUnixTimeMilliseconds() == other.DueAt.ToUnixTimeMilliseconds()
        && lane.WaitsFor == other.WaitsFor
        && lane.Count == other.Count
        && lane.Next?.PendingEvent.Event.Id == other.Next?.PendingEvent.Event.Id;
}

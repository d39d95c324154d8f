using System.Text;
using System.Text.Json;
using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Files;
using IncomingCalls.Sqlite.Storage;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Administration;

/// <summary>
/// Deletes the data of a person or an instance from an inbox file, also while a host uses it: the host notices at its next transaction. The rows are read without a lock, and deleted in small
/// transactions, so the host goes on in between.
/// </summary>
internal sealed class SubjectErasure(SqliteConnection connection, ErasedSubject subject)
{
    private const int PageSize = 200;

    private const string IsListed = "IN (SELECT value FROM json_each(?1))";

    /// <summary>The calls that are erased, and those of an erased instance that are not, because they are later.</summary>
    private readonly Dictionary<CallKey, bool> _calls = [];

    private readonly HashSet<long> _persons = [];
    private ErasureCounts _counts = new();

    /// <summary>Erases, and returns the report.</summary>
    public ErasureReport Run()
    {
        InboxSchema.CreateErasures(connection);
        subject.WithAccounts(ReadAccounts()).WithAliases(ReadNumbers());
        var before = ErasureTable.Find(connection, subject.Report.Id)?.Counts ?? subject.Report.Counts;
        // First, so that the host no longer accepts what would have to be deleted again.
        Commit(() => ErasureTable.Write(connection, subject.Report with { Counts = before }));
        var calls = FindCalls();
        // Before the calls, by which they are found after an interruption.
        var values = DeleteRows("handler_values", FindRows("SELECT id, kind, account, id_instance, subject FROM handler_values", IsErasedValue));
        // Before the calls as well: a replay in between would make a dead letter a call again.
        var letters = DeleteLetters();
        DeleteCalls(calls);
        _counts = _counts with
        {
            HandlerValues = values,
            DeadLetters = letters + DeleteLetters(),
            Quarantined = DeleteRows("quarantine", FindRows("SELECT id, id_instance, bytes, received_at FROM quarantine", IsErasedItem)),
            LogEntries = DeleteRows("administration_log", FindRows("SELECT id, filter FROM administration_log", row => subject.CoversText(idInstance: null, Encoding.UTF8.GetBytes(row.Text(1))))),
            Names = DeleteNames(),
            Persons = DeletePersons(),
        };

        var report = subject.Report with { Counts = before + _counts, IsComplete = true };
        Commit(() => ErasureTable.Write(connection, report));
        // The log contains earlier versions of the pages. When a reader prevents it, a later checkpoint of the host overwrites them.
        InboxSchema.Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        return report;
    }

    private List<long> FindCalls()
    {
        using var page = new Statement(
            connection,
            "SELECT c.id, c.id_instance, c.id_message, c.touched_at, c.facts, w.state, c.person_id FROM calls c LEFT JOIN work w ON w.call_id = c.id WHERE c.id > ?1 ORDER BY c.id LIMIT ?2");
        List<long> erased = [];
        var (after, read) = (0L, 0);
        do
        {
            read = 0;
            using (var rows = page.Query(after, PageSize))
            {
                while (rows.Read())
                {
                    (after, read) = (rows.Number(0), read + 1);
                    AddIfErased(rows, erased);
                }
            }
        }
        while (read == PageSize);
        return erased;
    }

    private void AddIfErased(StatementRows row, List<long> erased)
    {
        var key = new CallKey(row.Number(1), row.Text(2));
        var deliveries = 0;
        try
        {
            var state = CallStateSerializer.Read(key, row.Number(3), CallStateSerializer.ReadFacts(row.Bytes(4)), row.IsNull(5) ? null : row.Bytes(5));
            if (!subject.Covers(state.History))
            {
                if (key.IdInstance == subject.Report.IdInstance)
                {
                    _calls[key] = false;
                }

                return;
            }

            deliveries = state.PendingCount;
        }
        catch (Exception e) when (e is not SqliteException)
        {
            // A call that cannot be read can still contain a number.
            if (!subject.CoversText(key.IdInstance, row.Bytes(4)) && (row.IsNull(5) || !subject.CoversText(key.IdInstance, row.Bytes(5))))
            {
                return;
            }
        }

        erased.Add(row.Number(0));
        _calls[key] = true;
        if (!row.IsNull(6))
        {
            _persons.Add(row.Number(6));
        }

        _counts = _counts with { Calls = _counts.Calls + 1, Deliveries = _counts.Deliveries + deliveries };
    }

    private void DeleteCalls(List<long> ids)
    {
        foreach (var page in ids.Chunk(PageSize))
        {
            Commit(() =>
            {
                foreach (var (table, column) in (ReadOnlySpan<(string, string)>)[("lanes", "call_id"), ("work", "call_id"), ("calls", "id")])
                {
                    using var delete = new Statement(connection, $"DELETE FROM {table} WHERE {column} {IsListed}");
                    delete.Execute(JsonOf(page));
                }
            });
        }
    }

    private int DeleteLetters() => DeleteRows("dead_letters", FindRows("SELECT id, letter FROM dead_letters", IsErasedLetter));

    private bool IsErasedCall(CallKey key) => _calls.GetValueOrDefault(key);

    private bool IsErasedLetter(StatementRows row)
    {
        try
        {
            var letter = DeadLetterTable.Read(row.Bytes(1));
            return IsErasedCall(letter.Event.Call) || subject.Covers(letter);
        }
        catch (JsonException)
        {
            return subject.CoversText(idInstance: null, row.Bytes(1));
        }
    }

    private bool IsErasedItem(StatementRows row) =>
        DateTimeOffset.FromUnixTimeMilliseconds(row.Number(3)) <= subject.Report.At && subject.CoversText(row.IsNull(1) ? null : row.Number(1), row.Bytes(2));

    private bool IsErasedValue(StatementRows row) => subject.CoversValue((HandlerKeyKind)row.Number(1), row.Text(2), row.Number(3), row.Text(4), key => _calls.TryGetValue(key, out var isErased) ? isErased : null);

    private int DeleteNames()
    {
        var count = 0;
        using var delete = new Statement(connection, "DELETE FROM names WHERE id_instance = ?1 AND chat_id = ?2");
        var names = Read("SELECT id_instance, chat_id FROM names", static row => (IdInstance: row.Number(0), ChatId: row.Text(1)));
        foreach (var page in names.Where(name => subject.Covers(name.IdInstance, name.ChatId)).Chunk(PageSize))
        {
            Commit(() => count += page.Sum(name => delete.Execute(name.IdInstance, name.ChatId)));
        }

        return count;
    }

    /// <summary>Deletes the persons who are erased, and those whose last call was deleted; of the others, what they did on an erased instance.</summary>
    private int DeletePersons()
    {
        var count = 0;
        using var persons = new PersonTable(connection);
        var rows = Read(
            "SELECT id, account, id_instance, person FROM persons", row => (Id: row.Number(0), IsCovered: subject.CoversPerson(row.Text(1), row.Number(2), row.Text(3))));
        foreach (var page in rows.Where(row => row.IsCovered || _persons.Contains(row.Id) || subject.Report.IdInstance is not null).Chunk(PageSize))
        {
            Commit(() => count += page.Count(row => persons.Erase(row.Id, row.IsCovered, state => subject.Reduce(state, IsErasedCall))));
        }

        return count;
    }

    private List<(long IdInstance, string? Account)> ReadAccounts() =>
        Read("SELECT DISTINCT c.id_instance, p.account FROM calls c JOIN persons p ON p.id = c.person_id", static row => (row.Number(0), (string?)row.Text(1)));

    private List<(long IdInstance, string ChatId, string PhoneNumber)> ReadNumbers() =>
        Read("SELECT id_instance, chat_id, phone FROM names WHERE phone <> ''", static row => (row.Number(0), row.Text(1), row.Text(2)));

    private List<T> Read<T>(string sql, Func<StatementRows, T> read)
    {
        List<T> found = [];
        using var statement = new Statement(connection, sql);
        using var rows = statement.Query();
        while (rows.Read())
        {
            found.Add(read(rows));
        }

        return found;
    }

    /// <summary>Finds the ids of the rows that are erased; the first column is the id.</summary>
    private long[] FindRows(string sql, Func<StatementRows, bool> isErased) =>
        [.. Read(sql, row => (Id: row.Number(0), IsErased: isErased(row))).Where(static row => row.IsErased).Select(static row => row.Id)];

    private int DeleteRows(string table, long[] ids)
    {
        var count = 0;
        foreach (var page in ids.Chunk(PageSize))
        {
            Commit(() =>
            {
                using var delete = new Statement(connection, $"DELETE FROM {table} WHERE id {IsListed}");
                count += delete.Execute(JsonOf(page));
            });
        }

        return count;
    }

    private void Commit(Action action)
    {
        InboxSchema.Execute(connection, "BEGIN IMMEDIATE");
        action();
        InboxSchema.Execute(connection, "COMMIT");
    }

    private static string JsonOf(IEnumerable<long> ids) => $"[{string.Join(',', ids)}]";
}

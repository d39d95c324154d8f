using System.Text;
using System.Text.Json;
using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;
using Npgsql;

namespace IncomingCalls.PostgreSql.Administration;

/// <summary>
/// Deletes the data of a person or an instance while nodes use the inbox. It waits for no row that another transaction has locked, such as a delivery that is claimed while its handler runs: it
/// searches again until none is left. An item that becomes another one meanwhile, as a delivery becomes a dead letter, is found as the other one then.
/// </summary>
internal sealed class SubjectErasure(InboxPool pool, InboxSchema schema, ErasedSubject subject, TimeProvider time, CancellationToken cancellationToken)
{
    private const int PageSize = 500;

    private static readonly TimeSpan RepeatDelay = TimeSpan.FromSeconds(1);

    private readonly ErasureTable _erasures = new(schema);
    private readonly PersonTable _persons = new(schema);
    /// <summary>The calls that are erased, and those of an erased instance that are not, because they are later.</summary>
    private readonly Dictionary<CallKey, bool> _calls = [];

    private readonly HashSet<long> _personsOfCalls = [];
    private readonly HashSet<long> _erasedPersons = [];
    private ErasureCounts _counts = new();

    /// <summary>The number of changes of a search after which there may be something in a place that it had searched before.</summary>
    private int _moved;

    /// <summary>The number of rows that a search has left, because they were locked or had just been changed.</summary>
    private int _left;

    /// <summary>How long to wait for other transactions: longer than a handler takes by default.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Erases, and returns the report.</summary>
    public async Task<ErasureReport> RunAsync()
    {
        subject.WithAccounts(await ReadAccountsAsync()).WithAliases(await ReadNumbersAsync());
        var before = (await _erasures.FindAsync(pool, subject.Report.Id, cancellationToken))?.Counts ?? subject.Report.Counts;
        // First, so that the nodes no longer store what would have to be deleted again.
        await _erasures.WriteAsync(pool, subject.Report with { Counts = before }, cancellationToken);
        var started = time.GetTimestamp();
        var areEarlierEnded = false;
        while (true)
        {
            areEarlierEnded = areEarlierEnded || await _erasures.TryWaitAsync(pool, cancellationToken);
            (_moved, _left) = (0, 0);
            await DeleteAsync();
            var isComplete = areEarlierEnded && (_moved, _left) == (0, 0);
            var report = subject.Report with { Counts = before + _counts, IsComplete = isComplete };
            await _erasures.WriteAsync(pool, report, cancellationToken);
            var mustWait = !areEarlierEnded || _left > 0;
            if (isComplete || (mustWait && time.GetElapsedTime(started) >= Timeout))
            {
                return report;
            }

            if (mustWait)
            {
                await Task.Delay(RepeatDelay, time, cancellationToken);
            }
        }
    }

    /// <summary>Searches all tables once.</summary>
    private async Task DeleteAsync()
    {
        var calls = await FindCallsAsync();
        // Before the calls, by which they are found after an interruption. A replay makes a dead letter a delivery, and an attempt makes a delivery a dead letter, so these are searched on both sides.
        var values = await DeleteHandlerValuesAsync();
        var letters = await DeleteRowsAsync(schema.DeadLetters, await FindLettersAsync());
        foreach (var page in calls.Chunk(PageSize))
        {
            await DeleteCallsAsync(page);
        }

        letters += await DeleteRowsAsync(schema.DeadLetters, await FindLettersAsync());
        _moved += letters;
        _counts = _counts with
        {
            DeadLetters = _counts.DeadLetters + letters,
            HandlerValues = _counts.HandlerValues + values,
            Quarantined = _counts.Quarantined + await DeleteRowsAsync(schema.Quarantine, await FindAsync($"id_instance, bytes, received_at FROM {schema.Quarantine}", IsErasedItem)),
            LogEntries = _counts.LogEntries + await DeleteRowsAsync(
                schema.AdministrationLog, await FindAsync($"filter FROM {schema.AdministrationLog}", row => subject.CoversText(idInstance: null, Encoding.UTF8.GetBytes(row.GetString(1))))),
            Names = _counts.Names + await DeleteNamesAsync(),
        };
        await DeletePersonsAsync();
    }

    private async Task<List<long>> FindCallsAsync()
    {
        List<(long Id, CallKey Key, long? Person)> erased = [], unreadable = [];
        await FindAsync(
            $"id_instance, id_message, state, person_id FROM {schema.Calls} LEFT JOIN {schema.PersonCalls} ON call_id = id",
            row =>
            {
                var call = (Id: row.GetInt64(0), Key: new CallKey(row.GetInt64(1), row.GetString(2)), Person: row.IsDBNull(4) ? (long?)null : row.GetInt64(4));
                var state = row.GetFieldValue<byte[]>(3);
                try
                {
                    if (subject.Covers(InboxJson.ReadCall(call.Key, state).History))
                    {
                        erased.Add(call);
                    }
                    else if (call.Key.IdInstance == subject.Report.IdInstance)
                    {
                        _calls[call.Key] = false;
                    }
                }
                catch (UnreadableCallException)
                {
                    // It can still contain a number.
                    (subject.CoversText(call.Key.IdInstance, state) ? erased : unreadable).Add(call);
                }

                return false;
            });
        foreach (var call in unreadable)
        {
            var events = await pool.QueryAsync($"SELECT event FROM {schema.Deliveries} WHERE call_id = $1", static row => row.GetFieldValue<byte[]>(0), cancellationToken, Parameter.Of(call.Id));
            if (events.Any(stored => subject.CoversText(call.Key.IdInstance, stored)))
            {
                erased.Add(call);
            }
        }

        erased.ForEach(call => _calls[call.Key] = true);
        _personsOfCalls.UnionWith(erased.Select(static call => call.Person).OfType<long>());
        return [.. erased.Select(static call => call.Id)];
    }

    /// <summary>Deletes calls and their deliveries. A call stays as long as one of its deliveries is claimed, so that it is found again.</summary>
    private async Task DeleteCallsAsync(long[] ids)
    {
        await using var connection = await pool.OpenConnectionAsync(cancellationToken);
        await using var transaction = await pool.BeginTransactionAsync(connection, cancellationToken);
        // A statement of its own: once the calls are locked, no transaction adds a delivery, and the next statements see those that were added before.
        var calls = await QueryIdsAsync(connection, $"SELECT id FROM {schema.Calls} WHERE id = ANY($1) ORDER BY id FOR UPDATE SKIP LOCKED", ids);
        var deliveries = await QueryIdsAsync(
            connection, $"DELETE FROM {schema.Deliveries} WHERE id IN (SELECT id FROM {schema.Deliveries} WHERE call_id = ANY($1) FOR UPDATE SKIP LOCKED) RETURNING id", calls);
        // With the error of an attempt that was not settled.
        await QueryIdsAsync(connection, $"DELETE FROM {schema.Starts} WHERE delivery_id = ANY($1) RETURNING delivery_id", deliveries);
        var deleted = await QueryIdsAsync(
            connection, $"DELETE FROM {schema.Calls} c WHERE id = ANY($1) AND NOT EXISTS (SELECT 1 FROM {schema.Deliveries} d WHERE d.call_id = c.id) RETURNING id", calls);
        await transaction.CommitAsync(cancellationToken);
        _counts = _counts with { Calls = _counts.Calls + deleted.Length, Deliveries = _counts.Deliveries + deliveries.Length };
        _moved += deleted.Length + deliveries.Length;
        _left += ids.Length - deleted.Length;
    }

    private async Task<long[]> QueryIdsAsync(NpgsqlConnection connection, string sql, long[] ids)
    {
        await using var command = Parameter.Create(connection, sql, Parameter.Of(ids));
        return [.. await FailedItemQuery.ReadAsync(command, static row => row.GetInt64(0), cancellationToken)];
    }

    private Task<List<long>> FindLettersAsync() => FindAsync($"id_instance, id_message, letter FROM {schema.DeadLetters}", IsErasedLetter);

    private bool IsErasedCall(CallKey key) => _calls.GetValueOrDefault(key);

    private bool IsErasedLetter(NpgsqlDataReader row)
    {
        var call = new CallKey(row.GetInt64(1), row.GetString(2));
        var letter = row.GetFieldValue<byte[]>(3);
        try
        {
            return IsErasedCall(call) || subject.Covers(InboxJson.ReadDeadLetter(letter));
        }
        catch (JsonException)
        {
            return subject.CoversText(call.IdInstance, letter);
        }
    }

    private bool IsErasedItem(NpgsqlDataReader row) =>
        row.GetFieldValue<DateTimeOffset>(3) <= subject.Report.At && subject.CoversText(row.IsDBNull(1) ? null : row.GetInt64(1), row.GetFieldValue<byte[]>(2));

    private async Task<int> DeleteHandlerValuesAsync()
    {
        const string Columns = "handler, kind, account, id_instance, subject, name", Subject = "kind, account, id_instance, subject";
        var sql = $"""
            DELETE FROM {schema.HandlerValues} WHERE ({Columns}) IN (
                SELECT {Columns} FROM {schema.HandlerValues} WHERE ({Subject}) IN (SELECT * FROM unnest($1::smallint[], $2::text[], $3::bigint[], $4::text[])) FOR UPDATE SKIP LOCKED)
            """;
        var count = 0;
        var values = await pool.QueryAsync(
            $"SELECT {Subject}, COUNT(*) FROM {schema.HandlerValues} GROUP BY {Subject}",
            static row => (Kind: row.GetInt16(0), Account: row.GetString(1), IdInstance: row.GetInt64(2), Subject: row.GetString(3), Count: row.GetInt64(4)),
            cancellationToken);
        foreach (var page in values.Where(value => subject.CoversValue((HandlerKeyKind)value.Kind, value.Account, value.IdInstance, value.Subject, key => _calls.TryGetValue(key, out var isErased) ? isErased : null)).Chunk(PageSize))
        {
            var deleted = await pool.ExecuteAsync(
                sql,
                cancellationToken,
                Parameter.Of(page.Select(static value => value.Kind).ToArray()),
                Parameter.Of(page.Select(static value => value.Account).ToArray()),
                Parameter.Of(page.Select(static value => value.IdInstance).ToArray()),
                Parameter.Of(page.Select(static value => value.Subject).ToArray()));
            count += deleted;
            _left += Math.Max(0, (int)page.Sum(static value => value.Count) - deleted);
        }

        return count;
    }

    private async Task<int> DeleteNamesAsync()
    {
        var sql = $"""
            DELETE FROM {schema.Names} WHERE (id_instance, chat_id) IN (
                SELECT id_instance, chat_id FROM {schema.Names} WHERE (id_instance, chat_id) IN (SELECT * FROM unnest($1::bigint[], $2::text[])) FOR UPDATE SKIP LOCKED)
            """;
        var count = 0;
        var names = await pool.QueryAsync($"SELECT id_instance, chat_id FROM {schema.Names}", static row => (IdInstance: row.GetInt64(0), ChatId: row.GetString(1)), cancellationToken);
        foreach (var page in names.Where(name => subject.Covers(name.IdInstance, name.ChatId)).Chunk(PageSize))
        {
            var deleted = await pool.ExecuteAsync(
                sql, cancellationToken, Parameter.Of(page.Select(static name => name.IdInstance).ToArray()), Parameter.Of(page.Select(static name => name.ChatId).ToArray()));
            count += deleted;
            _left += page.Length - deleted;
        }

        return count;
    }

    /// <summary>Deletes the persons who are erased, and those whose last call was deleted; of the others, what they did on an erased instance.</summary>
    private async Task DeletePersonsAsync()
    {
        HashSet<long> covered = [];
        var persons = await FindAsync(
            $"account, id_instance, person FROM {schema.Persons}",
            row => (subject.CoversPerson(row.GetString(1), row.GetInt64(2), row.GetString(3)) && covered.Add(row.GetInt64(0))) || _personsOfCalls.Contains(row.GetInt64(0)) || subject.Report.IdInstance is not null);
        foreach (var page in persons.Chunk(PageSize))
        {
            var (erased, left) = await _persons.EraseAsync(pool, page, covered, state => subject.Reduce(state, IsErasedCall), cancellationToken);
            _erasedPersons.UnionWith(erased);
            _moved += erased.Count;
            _left += left;
        }

        _counts = _counts with { Persons = _erasedPersons.Count };
    }

    private Task<IReadOnlyList<(long IdInstance, string? Account)>> ReadAccountsAsync() => pool.QueryAsync(
        $"SELECT DISTINCT c.id_instance, p.account FROM {schema.Calls} c JOIN {schema.PersonCalls} l ON l.call_id = c.id JOIN {schema.Persons} p ON p.id = l.person_id",
        static row => (row.GetInt64(0), (string?)row.GetString(1)),
        cancellationToken);

    private Task<IReadOnlyList<(long IdInstance, string ChatId, string PhoneNumber)>> ReadNumbersAsync() => pool.QueryAsync(
        $"SELECT id_instance, chat_id, phone FROM {schema.Names} WHERE phone <> ''", static row => (row.GetInt64(0), row.GetString(1), row.GetString(2)), cancellationToken);

    /// <summary>Finds the ids of the rows that are erased, a page at a time: a statement that runs for long would hold back VACUUM.</summary>
    /// <param name="selection">The columns behind the id, and the tables.</param>
    /// <param name="isErased">Returns whether a row is erased.</param>
    private async Task<List<long>> FindAsync(string selection, Func<NpgsqlDataReader, bool> isErased)
    {
        List<long> erased = [];
        long? after = 0;
        while (after is { } last)
        {
            var page = await pool.QueryAsync(
                $"SELECT id, {selection} WHERE id > $1 ORDER BY id LIMIT {PageSize}", row => (Id: row.GetInt64(0), IsErased: isErased(row)), cancellationToken, Parameter.Of(last));
            erased.AddRange(page.Where(static row => row.IsErased).Select(static row => row.Id));
            after = page.Count < PageSize ? null : page[^1].Id;
        }

        return erased;
    }

    private async Task<int> DeleteRowsAsync(string table, List<long> ids)
    {
        var count = 0;
        foreach (var page in ids.Chunk(PageSize))
        {
            var deleted = await pool.ExecuteAsync($"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE id = ANY($1) FOR UPDATE SKIP LOCKED)", cancellationToken, Parameter.Of(page));
            count += deleted;
            _left += page.Length - deleted;
        }

        return count;
    }
}

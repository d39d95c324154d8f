using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using IncomingCalls.Inbox;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.CrashTests;

/// <summary>Collects the evidence of a gateway and of the hosts that worked on a folder.</summary>
internal static class EvidenceCollector
{
    private const int PageSize = 1000;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until everything is handled or the limit has passed; in the latter case the checker reports what is missing.</summary>
    public static async Task WaitUntilCompleteAsync(Gateway gateway, string folder, TimeSpan limit, TimeProvider time)
    {
        var file = new SqliteInboxFile(HostSettings.InboxPathIn(folder));
        var started = time.GetTimestamp();
        using var timer = new PeriodicTimer(PollInterval, time);
        while (time.GetElapsedTime(started) < limit)
        {
            if (gateway.WaitingCount == 0 && EvidenceChecker.IsComplete(gateway.GetSent(), EffectsFile.ReadAll(folder), HandlerNames.AllWithChat) && (await file.GetStatisticsAsync()).Depth == 0)
            {
                return;
            }

            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Collects the evidence. No host may be running.</summary>
    public static async Task<Evidence> CollectAsync(Gateway gateway, HostRuns runs, string folder)
    {
        var file = new SqliteInboxFile(HostSettings.InboxPathIn(folder));
        return new()
        {
            Sent = gateway.GetSent(),
            Handlers = HandlerNames.AllWithChat,
            Effects = EffectsFile.ReadAll(folder),
            Runs = runs.Ended,
            DeadLetters = [.. (await file.ListDeadLettersAsync(PageSize)).Select(letter => (letter.EventId, letter.Handler))],
            Quarantined = [.. (await file.ListQuarantineAsync(PageSize)).Select(item => item.Sha256)],
        };
    }
}

/// <summary>Reads the inbox file of a host that was killed, without starting a host.</summary>
internal static class InboxFileReader
{
    private static readonly JsonTypeInfo<PendingEvent> PendingEventTypeInfo = (JsonTypeInfo<PendingEvent>)IncomingCallsJson.DefaultOptions.GetTypeInfo(typeof(PendingEvent));

    /// <summary>Reads the pending deliveries of an inbox file.</summary>
    /// <param name="path">The inbox file. A copy is read: opening the original would recover its log, which is the job of the next host.</param>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static IReadOnlySet<PendingDelivery> ReadPendingDeliveries(string path)
    {
        if (!File.Exists(path))
        {
            return new HashSet<PendingDelivery>();
        }

        var copy = Directory.CreateTempSubdirectory("incoming-calls-examined-");
        try
        {
            var examined = Path.Combine(copy.FullName, "calls.db");
            foreach (var part in (string[])["", "-wal"])
            {
                if (File.Exists(path + part))
                {
                    File.Copy(path + part, examined + part);
                }
            }

            using var connection = new SqliteConnection($"Data Source={examined};Pooling=false");
            connection.Open();
            return Read(connection);
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    private static HashSet<PendingDelivery> Read(SqliteConnection connection)
    {
        HashSet<PendingDelivery> pending = [];
        if (QueryTexts(connection, "PRAGMA integrity_check") is not ["ok"])
        {
            throw new InvalidDataException($"The inbox file is damaged: {string.Join(" ", QueryTexts(connection, "PRAGMA integrity_check"))}");
        }

        // The host may have been killed before it created the tables.
        if (QueryTexts(connection, "SELECT name FROM sqlite_schema WHERE name = 'work'") is [])
        {
            return pending;
        }

        foreach (var state in QueryTexts(connection, "SELECT CAST(state AS TEXT) FROM work"))
        {
            // The state without its history, which is in another column.
            var pendingEvents = JsonNode.Parse(state)!["pendingEvents"]!.AsArray().Select(static node => node.Deserialize(PendingEventTypeInfo)!);
            pending.UnionWith(pendingEvents.SelectMany(pendingEvent => pendingEvent.Deliveries.Select(delivery => new PendingDelivery(pendingEvent.Event.Id, delivery.HandlerName, delivery.Attempts))));
        }

        return pending;
    }

    private static List<string> QueryTexts(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        List<string> texts = [];
        while (rows.Read())
        {
            texts.Add(rows.GetString(0));
        }

        return texts;
    }
}

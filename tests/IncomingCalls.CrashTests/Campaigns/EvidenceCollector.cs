using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncomingCalls.Inbox;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.CrashTests;

/// <summary>Reads what a gateway and the hosts of a folder have left behind.</summary>
internal static class EvidenceCollector
{
    private const int PageSize = 1000;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until nothing is left to do, or the limit is over: then it is the checker that tells what was.</summary>
    public static async Task WaitUntilCompleteAsync(Gateway gateway, string folder, TimeSpan limit, TimeProvider time)
    {
        var file = new SqliteInboxFile(HostSettings.InboxPathIn(folder));
        var started = time.GetTimestamp();
        using var timer = new PeriodicTimer(PollInterval, time);
        while (time.GetElapsedTime(started) < limit)
        {
            if (gateway.WaitingCount == 0 && EvidenceChecker.IsComplete(gateway.GetSent(), EffectsFile.ReadAll(folder)) && (await file.GetStatisticsAsync()).Depth == 0)
            {
                return;
            }

            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>To be called when no host lives.</summary>
    public static async Task<Evidence> CollectAsync(Gateway gateway, HostRuns lives, string folder)
    {
        var file = new SqliteInboxFile(HostSettings.InboxPathIn(folder));
        return new()
        {
            Sent = gateway.GetSent(),
            Effects = EffectsFile.ReadAll(folder),
            Runs = lives.Ended,
            DeadLetters = [.. (await file.ListDeadLettersAsync(PageSize)).Select(letter => (letter.EventId, letter.Handler))],
            Quarantined = [.. (await file.ListQuarantineAsync(PageSize)).Select(item => item.Sha256)],
        };
    }
}

/// <summary>Looks into the inbox file that a killed host has left, without a host.</summary>
internal static class InboxFileReader
{
    private static readonly JsonTypeInfo<CallState> StateTypeInfo = (JsonTypeInfo<CallState>)IncomingCallsJson.DefaultOptions.GetTypeInfo(typeof(CallState));

    /// <summary>What the file owes to handlers.</summary>
    /// <param name="path">The inbox file. It is copied first: to open it would do what the next host has to do.</param>
    /// <exception cref="InvalidDataException">The file is not whole.</exception>
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
        HashSet<PendingDelivery> owed = [];
        if (QueryTexts(connection, "PRAGMA integrity_check") is not ["ok"])
        {
            throw new InvalidDataException($"The inbox file is not whole: {string.Join(" ", QueryTexts(connection, "PRAGMA integrity_check"))}");
        }

        // None yet, when the host was killed before it had made them.
        if (QueryTexts(connection, "SELECT name FROM sqlite_schema WHERE name = 'work'") is [])
        {
            return owed;
        }

        foreach (var state in QueryTexts(connection, "SELECT CAST(state AS TEXT) FROM work"))
        {
            var call = JsonSerializer.Deserialize(state, StateTypeInfo)!;
            owed.UnionWith(call.PendingEvents.SelectMany(one => one.Deliveries.Select(handler => new PendingDelivery(one.Event.Id, handler.HandlerName, handler.Attempts))));
        }

        return owed;
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

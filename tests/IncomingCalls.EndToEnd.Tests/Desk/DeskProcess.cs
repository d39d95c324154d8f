using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json.Nodes;
using IncomingCalls.Processes;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.EndToEnd.Tests.Desk;

/// <summary>CallDesk as a process, which is accessed through its HTTP API, its output and its files only.</summary>
public sealed class DeskProcess : IAsyncDisposable
{
    public static readonly string Program = typeof(DeskProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "DeskProgram").Value!;

    private readonly SampleProcess _process;

    private readonly SqliteInboxFile _inbox;

    private DeskProcess(SampleProcess process, DeskFolder folder)
    {
        _process = process;
        _inbox = new(Path.Combine(folder.Path, "data", "calls.db"));
    }

    public HttpClient Http { get; } = new();

    /// <summary>Everything that the process has written to its output and error streams.</summary>
    public string Output => _process.Output;

    /// <summary>Starts the desk with a folder as its content root. Settings are passed on the command line, variables in the environment.</summary>
    public static async Task<DeskProcess> StartAsync(
        DeskFolder folder, IReadOnlyDictionary<string, string>? settings = null, IReadOnlyDictionary<string, string>? variables = null)
    {
        var desk = new DeskProcess(SampleProcess.Start(Program, folder.Path, settings, variables), folder);
        desk.Http.BaseAddress = await desk._process.WaitUntilListeningAsync();
        return desk;
    }

    /// <summary>Posts a notification to the webhook; the result is the status of the answer.</summary>
    public Task<int> PostAsync(string json, string? authorization) => Http.PostNotificationAsync(json, authorization);

    /// <summary>Waits until everything acknowledged is handled, and gets the rows of a list for the calls whose id has this prefix.</summary>
    public async Task<DeskRow[]> GetHandledRowsAsync(string list, string callIdPrefix = "")
    {
        await Eventually.HoldsAsync(async () => (await _inbox.GetStatisticsAsync()).Depth.Should().Be(0));
        return await GetRowsAsync(list, callIdPrefix);
    }

    /// <summary>Gets the current rows of a list for the calls whose id has this prefix.</summary>
    public Task<DeskRow[]> GetRowsAsync(string list, string callIdPrefix = "") => Http.GetDeskRowsAsync(list, callIdPrefix);

    /// <summary>Gets the open callbacks, oldest first.</summary>
    public async Task<JsonObject[]> GetCallbacksAsync() => (await Http.GetFromJsonAsync<JsonObject[]>("/api/callbacks"))!;

    /// <summary>Closes an open callback, as an operator does on the page; the result is the status of the answer.</summary>
    public async Task<HttpStatusCode> CloseCallbackAsync(JsonObject callback)
    {
        using var response = await Http.PostAsJsonAsync("/api/called-back", callback["person"]);
        return response.StatusCode;
    }

    /// <summary>Closes all open callbacks.</summary>
    public async Task CloseCallbacksAsync()
    {
        foreach (var callback in await GetCallbacksAsync())
        {
            await CloseCallbackAsync(callback);
        }
    }

    /// <summary>Deletes all dead letters and quarantined items.</summary>
    public async Task PurgeInboxAsync()
    {
        await _inbox.PurgeDeadLettersAsync();
        await _inbox.PurgeQuarantineAsync();
    }

    /// <summary>Kills the process.</summary>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }
}

/// <summary>A temporary folder for a desk, which is deleted on disposal.</summary>
public sealed class DeskFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("call-desk-").FullName;

    /// <summary>Executes a statement on the database of the desk, which may be running.</summary>
    public void ExecuteSql(string statement)
    {
        using var connection = new SqliteConnection($"Data Source={System.IO.Path.Combine(Path, "data", "desk.db")};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>A row of any list of the desk, as in its JSON; properties that a list does not have are null.</summary>
public sealed record DeskRow
{
    public required long IdInstance { get; init; }

    public required string CallId { get; init; }

    public string? ChatId { get; init; }

    public string? CallerName { get; init; }

    public string? Label { get; init; }

    public string? Text { get; init; }

    public string? Kind { get; init; }

    public string? Status { get; init; }

    public string? RawStatus { get; init; }

    public bool? IsLive { get; init; }

    public string? Outcome { get; init; }

    public required DateTimeOffset At { get; init; }

    public DateTimeOffset? EndedAt { get; init; }
}

using System.Net.Http.Json;
using System.Reflection;
using System.Text;
using IncomingCalls.Processes;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.EndToEnd.Tests.Desk;

/// <summary>CallDesk as a process, known by its output and its HTTP alone.</summary>
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

    /// <summary>Everything it has written to its output and error streams.</summary>
    public string Output => _process.Output;

    /// <summary>Starts it with a folder as its content root; settings go to the command line, and variables to the environment.</summary>
    public static async Task<DeskProcess> StartAsync(
        DeskFolder folder, IReadOnlyDictionary<string, string>? settings = null, IReadOnlyDictionary<string, string>? variables = null)
    {
        var desk = new DeskProcess(SampleProcess.Start(Program, folder.Path, settings, variables), folder);
        desk.Http.BaseAddress = await desk._process.WaitUntilListeningAsync();
        return desk;
    }

    /// <summary>Posts a notification as the gateway does, and gives the answer's status.</summary>
    public async Task<int> PostAsync(string json, string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/green-api") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await Http.SendAsync(request);
        return (int)response.StatusCode;
    }

    /// <summary>The rows of one list, of the calls whose id begins like this, once everything acknowledged is handled.</summary>
    public async Task<DeskRow[]> GetHandledRowsAsync(string list, string callIds = "")
    {
        await Eventually.HoldsAsync(async () => (await _inbox.GetStatisticsAsync()).Depth.Should().Be(0));
        return await GetRowsAsync(list, callIds);
    }

    /// <summary>The rows of one list as they are now, of the calls whose id begins like this.</summary>
    public async Task<DeskRow[]> GetRowsAsync(string list, string callIds = "") =>
        [.. (await Http.GetFromJsonAsync<DeskRow[]>($"/api/{list}"))!.Where(row => row.CallId.StartsWith(callIds, StringComparison.Ordinal))];

    /// <summary>Ends it as a power cut would.</summary>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }
}

/// <summary>A folder of its own for a desk, gone afterwards.</summary>
public sealed class DeskFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("call-desk-").FullName;

    /// <summary>Does something to the desk's database, beside the desk.</summary>
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

/// <summary>A row of any of the desk's lists, as its JSON has it; what a list does not have is null.</summary>
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

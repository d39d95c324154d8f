using System.Net.Http.Json;
using System.Reflection;
using System.Text;
using IncomingCalls.Processes;

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

using System.Diagnostics;
using System.Net.Http.Json;
using System.Reflection;
using System.Text;

namespace IncomingCalls.EndToEnd.Tests.Desk;

/// <summary>CallDesk as a user starts it: a process, known by its output and its HTTP alone.</summary>
public sealed class DeskProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private static readonly string Program = typeof(DeskProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "DeskProgram").Value!;

    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _output = new();
    private readonly Process _process;

    private DeskProcess(ProcessStartInfo start)
    {
        _process = new() { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException($"CallDesk ended: {Output}"));
    }

    public HttpClient Http { get; } = new();

    /// <summary>Everything it has written to its output and error streams.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts it with a folder as its content root; settings go to the command line, and variables to the environment.</summary>
    public static async Task<DeskProcess> StartAsync(
        DeskFolder folder, IReadOnlyDictionary<string, string>? settings = null, IReadOnlyDictionary<string, string>? variables = null)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (settings ?? new Dictionary<string, string>()).Select(setting => $"--{setting.Key}={setting.Value}").Prepend(Program))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var desk = new DeskProcess(start);
        desk._process.Start();
        desk._process.BeginOutputReadLine();
        desk._process.BeginErrorReadLine();
        desk.Http.BaseAddress = await desk._address.Task.WaitAsync(TimeSpan.FromSeconds(60));
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

    /// <summary>The rows of one list, of the calls whose id begins like this.</summary>
    public async Task<DeskRow[]> RowsAsync(string list, string callIds = "") =>
        [.. (await Http.GetFromJsonAsync<DeskRow[]>($"/api/{list}"))!.Where(row => row.CallId.StartsWith(callIds, StringComparison.Ordinal))];

    /// <summary>Ends it as a power cut would.</summary>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Read(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line?.Split(Listening) is [_, var address])
        {
            _address.TrySetResult(new(address));
        }
    }
}

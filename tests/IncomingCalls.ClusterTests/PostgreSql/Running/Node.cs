using System.Diagnostics;
using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>A node that runs as a separate process.</summary>
internal sealed class Node(int node, HostProcess process) : ClusterProcess(node, process)
{
    private const int ExitCodeOfAbort = 128 + 6;

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    private volatile bool _isDisturbed;
    private bool _isTerminating;
    private bool _isFailing;

    /// <summary>Whether a fault is being injected. There is one at a time, and only then may the process end.</summary>
    public bool IsDisturbed
    {
        get => _isDisturbed;
        set => _isDisturbed = value;
    }


    /// <summary>Kills the node, and returns the interruption of its attempts.</summary>
    public async Task<Interruption> KillAsync()
    {
        var from = Stopwatch.GetTimestamp();
        Process.Kill();
        await Process.WaitForExitAsync();
        return Create(InterruptionKind.ProcessEnd, from);
    }

    /// <summary>Asks the node to stop, and waits until it has.</summary>
    public async Task TerminateAsync()
    {
        _isTerminating = true;
        Process.Terminate();
        await Process.WaitForExitAsync();
    }

    /// <summary>Pauses the node.</summary>
    public async Task<Interruption> PauseAsync(TimeSpan duration, TimeProvider time)
    {
        var from = Stopwatch.GetTimestamp();
        Process.Pause();
        await Task.Delay(duration, time);
        Process.Resume();
        return Create(InterruptionKind.Pause, from);
    }

    /// <summary>Requests a fault of the next attempt; returns whether the node has answered.</summary>
    public async Task<bool> RequestFaultAsync(HandlerFault fault, TimeProvider time)
    {
        using var client = new HttpClient();
        using var timeout = new CancellationTokenSource(RequestTimeout, time);
        try
        {
            using var answer = await client.PostAsync(new Uri(Address!, $"{HandlerFaults.Path}{fault}"), content: null, timeout.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Lets a handler end the process, and waits until it has. Without traffic it is killed.</summary>
    public async Task<Interruption> FailFastAsync(TimeSpan limit, TimeProvider time)
    {
        _isFailing = true;
        var from = Stopwatch.GetTimestamp();
        if (await RequestFaultAsync(HandlerFault.FailFast, time))
        {
            await Task.WhenAny(Process.WaitForExitAsync(), Task.Delay(limit, time));
        }

        if (!Process.HasExited)
        {
            Process.Kill();
        }

        await Process.WaitForExitAsync();
        return Create(InterruptionKind.ProcessEnd, from);
    }

    /// <summary>Creates an interruption of this node that ends now.</summary>
    public Interruption Create(InterruptionKind kind, long from) => new() { Kind = kind, Process = Process.RunNumber, From = from, To = Stopwatch.GetTimestamp() };

    /// <summary>Gets the record of the run, once the process has exited.</summary>
    public NodeRun CreateRun() => new()
    {
        Process = Process.RunNumber,
        Node = Node,
        EndKind = Process.IsKilled ? NodeEnd.Killed
            : _isFailing && Process.ExitCode == ExitCodeOfAbort ? NodeEnd.FailedFast
            : _isTerminating && Process.ExitCode == 0 ? NodeEnd.Terminated
            : NodeEnd.Broken,
    };
}

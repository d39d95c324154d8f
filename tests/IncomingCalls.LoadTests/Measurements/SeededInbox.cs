using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.LoadTests;

/// <summary>Creates inbox files with many calls. A host in this process accepts them without the network, so the files are as an inbox writes them.</summary>
internal static class SeededInbox
{
    private const long IdInstance = 1101000001;

    /// <summary>The notifications that are accepted at once, and share commits.</summary>
    private const int Concurrency = 512;

    /// <summary>Creates a file with finished calls.</summary>
    public static async Task CreateWithFinishedCallsAsync(string path, int count)
    {
        using var host = BuildHost(path, static builder => builder.AddHandler<CountingHandler>());
        await AcceptAsync(host, count, handled => handled.WaitForAsync(count, CancellationToken.None));
    }

    /// <summary>Creates a file with calls that have a pending delivery.</summary>
    public static async Task CreateWithPendingCallsAsync(string path, int count)
    {
        using var host = BuildHost(path, static builder => builder.AddHandler<BlockingHandler>(BlockingHandler.Configure));
        await AcceptAsync(host, count, static _ => Task.CompletedTask);
    }

    private static IHost BuildHost(string path, Action<IIncomingCallsBuilder> addHandler)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        // Warnings of pending deliveries are expected.
        builder.Logging.SetMinimumLevel(LogLevel.Error).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton<HandledCounter>();
        addHandler(builder.Services.AddIncomingCalls().UseSqliteInbox(path));
        return builder.Build();
    }

    /// <summary>Accepts calls, waits, and stops the host.</summary>
    private static async Task AcceptAsync(IHost host, int count, Func<HandledCounter, Task> waitAsync)
    {
        await host.StartAsync();
        var intake = host.Services.GetRequiredService<ICallIntake>();
        var accepted = 0;
        await Task.WhenAll(Enumerable.Range(0, Concurrency).Select(_ => Task.Run(async () =>
        {
            var call = RequestTemplate.Call(IdInstance, "pickUp");
            while (Interlocked.Increment(ref accepted) is var number && number <= count)
            {
                await intake.AcceptAsync(call.RenderBody(SpreadId(number)));
            }
        })));
        await waitAsync(host.Services.GetRequiredService<HandledCounter>());
        await host.StopAsync(new CancellationToken(canceled: true));
    }

    /// <summary>Spreads consecutive numbers over all ids, as the random ids of real calls are. Different numbers have different ids.</summary>
    private static long SpreadId(int number) => unchecked(number * (long)0x9E3779B97F4A7C15);
}

/// <summary>A folder for the inbox files of a measurement, which is deleted on disposal.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incoming-calls-load-");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}

using IncomingCalls.Fakes.Crm;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.AdapterTests.Hosting;

/// <summary>A CRM, the table of the application, a clock, and one process after another on one inbox file. Not thread-safe.</summary>
internal sealed class AdapterWorld : IAsyncDisposable
{
    /// <summary>What happens in one step happens at the same time of the clock.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    /// <summary>The step of an advance of at least <see cref="LongAdvance"/>. What is due starts so much later at most.</summary>
    private static readonly TimeSpan LongStep = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan LongAdvance = TimeSpan.FromMinutes(10);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incoming-calls-adapter-");
    private readonly ILoggerProvider? _logs;
    private AdapterProcess? _process;

    private AdapterWorld(CrmServer server, FakeTimeProvider time, ILoggerProvider? logs)
    {
        (Server, Time, _logs) = (server, time, logs);
        Table = new(server);
    }

    public CrmServer Server { get; }

    public FakeTimeProvider Time { get; }

    public PortalTable Table { get; }

    public AdapterProcess Process => _process!;

    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>See <see cref="AdapterProcess.SettleAsync"/>. A test that delays answers sets a shorter one, since it waits so long in every step.</summary>
    public TimeSpan MaxStall { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>When and where processes were killed until now.</summary>
    public List<(DateTimeOffset Time, KillPlace Place)> Kills { get; } = [];

    public static async Task<AdapterWorld> CreateAsync(ILoggerProvider? logs = null)
    {
        var time = new FakeTimeProvider(new(2026, 10, 7, 9, 0, 0, TimeSpan.Zero));
        return new(await CrmServer.StartAsync(options => options.TimeProvider = time), time, logs);
    }

    /// <summary>Adds a connected portal with its instances. Not after the first process has started.</summary>
    public CrmPortal AddPortal(string name, bool createsContacts, params IEnumerable<long> instances)
    {
        var portal = Server.AddPortal(name);
        foreach (var instance in instances)
        {
            Table.Add(instance, portal, createsContacts);
        }

        Table.Connect(portal);
        return portal;
    }

    public async Task StartAsync() => _process = await AdapterProcess.StartAsync(Path.Combine(_folder.FullName, "calls.db"), Table, Time, _logs);

    /// <summary>Ends the process without a drain, and starts the next one.</summary>
    public async Task KillAsync()
    {
        var time = Now;
        await Process.KillAsync();
        Kills.Add((time, Process.Life.KilledAt!.Value));
        await StartAsync();
    }

    /// <summary>Advances the clock, and replaces a process that was killed.</summary>
    public async Task AdvanceAsync(TimeSpan duration)
    {
        var end = Now + duration;
        var step = duration < LongAdvance ? Step : LongStep;
        while (true)
        {
            await Process.SettleAsync(MaxStall);
            if (Process.Life.HasEnded)
            {
                await KillAsync();
            }
            else if (Now >= end)
            {
                return;
            }
            else
            {
                Time.Advance(step < end - Now ? step : end - Now);
            }
        }
    }

    /// <summary>Advances the clock until a condition holds; not for longer than a day.</summary>
    public async Task AdvanceUntilAsync(Func<bool> holds)
    {
        var end = Now.AddDays(1);
        while (!holds() && Now < end)
        {
            await AdvanceAsync(Step);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.KillAsync();
        }

        await Server.DisposeAsync();
        _logs?.Dispose();
        _folder.Delete(recursive: true);
    }
}

using IncomingCalls.Fakes.Crm;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.AdapterTests.Hosting;

/// <summary>
/// Two nodes on one PostgreSQL, in real time with every duration divided by <see cref="Speed"/>: the clocks of the nodes, of the CRM and of the database run so much faster. A killed node is
/// replaced at once, while the other one goes on. Thread-safe.
/// </summary>
internal sealed class ClusterWorld : CampaignWorld
{
    public const int Speed = 60;
    private const int Nodes = 2;
    private const string ClockSchema = "fast_clock";

    private readonly FastTimeProvider _time;
    private readonly PostgresServer _postgres;
    private readonly string _connectionString;
    private readonly ServiceProvider _administration;
    private readonly AdapterProcess?[] _processes = new AdapterProcess?[Nodes];
    private readonly Lock _gate = new();
    private readonly List<(DateTimeOffset, KillPlace)> _kills = [];
    private readonly CancellationTokenSource _ending = new();
    private Task _running = Task.CompletedTask;
    private int _turn;

    private ClusterWorld(CrmServer server, FastTimeProvider time, PostgresServer postgres)
        : base(server)
    {
        (_time, _postgres) = (time, postgres);
        // A function of the same name comes before that of the system.
        _connectionString = $"{postgres.ConnectionString("calls")};Search Path={ClockSchema},pg_catalog";
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<TimeProvider>(time).AddIncomingCalls().UsePostgreSqlInbox(_connectionString);
        _administration = services.BuildServiceProvider();
    }

    public override DateTimeOffset Now => _time.GetUtcNow();

    public override ICallInboxAdministration Administration => _administration.GetRequiredService<ICallInboxAdministration>();

    public override IReadOnlyList<(DateTimeOffset Time, KillPlace Place)> Kills
    {
        get
        {
            lock (_gate)
            {
                return [.. _kills];
            }
        }
    }

    /// <summary>A second of real time.</summary>
    public override TimeSpan Precision => TimeSpan.FromSeconds(Speed);

    /// <summary>Five seconds of real time, in which the other node continues what a killed one has begun, and an attempt is repeated.</summary>
    public override TimeSpan MaxDelay => TimeSpan.FromSeconds(5 * Speed);

    /// <summary>A second of real time: the requests of an attempt are sent by a machine that runs other tests.</summary>
    public override TimeSpan MaxAttempt => TimeSpan.FromSeconds(Speed);

    public static async Task<ClusterWorld> CreateAsync()
    {
        var time = new FastTimeProvider(Speed);
        var postgres = await PostgresServer.StartAsync();
        await postgres.ExecuteScriptAsync("postgres", "CREATE DATABASE calls;");
        await postgres.ExecuteScriptAsync("calls", time.CreateFunction(ClockSchema));
        return new(await CrmServer.StartAsync(options => options.TimeProvider = time), time, postgres);
    }

    public override async Task StartAsync()
    {
        for (var node = 0; node < Nodes; node++)
        {
            await StartAsync(node);
        }

        _running = Task.WhenAll(Enumerable.Range(0, Nodes).Select(ReplaceKilledAsync));
    }

    public override async Task AcceptAsync(IncomingCallNotification notification)
    {
        var node = Choose();
        try
        {
            await node.AcceptAsync(notification);
        }
        catch (Exception) when (node.Life.HasEnded)
        {
            // As a connection to a process that has died.
            throw new CallInboxUnavailableException("The node was killed.");
        }
    }

    public override async Task AdvanceAsync(TimeSpan duration)
    {
        if (_running.IsFaulted)
        {
            // A node that cannot be started.
            await _running;
        }

        if (duration > TimeSpan.Zero)
        {
            await Task.Delay(duration, _time);
        }
    }

    public override void Kill(KillPlan? plan)
    {
        var life = Choose().Life;
        if (plan is null)
        {
            life.Kill();
        }
        else
        {
            life.Plan(plan);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running;
        foreach (var process in _processes)
        {
            await (process?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        await _administration.DisposeAsync();
        await Server.DisposeAsync();
        await _postgres.DisposeAsync();
        _ending.Dispose();
    }

    /// <summary>Chooses the nodes in turn, as a balancer does, and leaves out those that are dead.</summary>
    private AdapterProcess Choose()
    {
        var turn = Interlocked.Increment(ref _turn);
        var living = _processes.Where(process => process is { Life.HasEnded: false }).ToArray();
        return living.Length == 0 ? throw new CallInboxUnavailableException("No node is alive.") : living[turn % living.Length]!;
    }

    private async Task StartAsync(int node) =>
        _processes[node] = await AdapterProcess.StartAsync($"node-{node}", Table, _time, calls => calls.UsePostgreSqlInbox(_connectionString), nodes: Nodes);

    private async Task ReplaceKilledAsync(int node)
    {
        while (true)
        {
            var process = _processes[node]!;
            if (await Task.WhenAny(process.Life.Ended, Task.Delay(Timeout.InfiniteTimeSpan, _ending.Token)) != process.Life.Ended)
            {
                return;
            }

            var place = await process.Life.Ended;
            lock (_gate)
            {
                _kills.Add((Now, place));
            }

            await process.KillAsync();
            await StartAsync(node);
        }
    }
}

using System.CommandLine;
using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Lines;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Inbox;

/// <summary><c>inbox drained</c>: says whether everything in the inbox is handled, so that the host can use another inbox.</summary>
internal sealed class InboxDrainedCommand : InboxCommand
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    private readonly Option<TimeSpan?> _wait = new("--wait")
    {
        Description = "Wait up to this time until the inbox is drained, such as 10m.",
        HelpName = "time",
        CustomParser = DurationText.Parse,
    };

    public InboxDrainedCommand()
        : base("drained", "Says whether nothing is pending, before the host uses another inbox, and lists the failed items, which stay in the inbox. The exit code is 0 only if it is drained.") =>
        Options.Add(_wait);

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls inbox drained data/calls.db", "Check whether the file is drained"),
        ("incoming-calls inbox drained data/calls.db --wait 10m && systemctl stop calls", "Stop the host as soon as it is"),
        ("incoming-calls inbox drained --postgres CRM_DATABASE", "Check a PostgreSQL inbox, with the connection string in the variable CRM_DATABASE"),
    ];

    protected override async Task<ExitCode> RunAsync(CommandInvocation invocation, InboxTarget inbox, CancellationToken cancellationToken)
    {
        var state = await WaitAsync(invocation, inbox.Items, invocation.Arguments.GetValue(_wait) ?? TimeSpan.Zero, cancellationToken);
        invocation.Output.Write(state.ToLine(), CliJsonContext.Readable.InboxDrainedLine);
        foreach (var letter in state.DeadLetters)
        {
            invocation.Output.Write(DeadLetterLine.FromDeadLetter(letter), CliJsonContext.Readable.DeadLetterLine);
        }

        foreach (var item in state.Quarantined)
        {
            invocation.Output.Write(QuarantineLine.FromItem(item), CliJsonContext.Readable.QuarantineLine);
        }

        return state.IsDrained ? ExitCode.Success : ExitCode.ProblemsFound;
    }

    /// <summary>Waits until the inbox is drained. After Ctrl+C the last state is returned: the exit code of a command that was ended would say that it is.</summary>
    private static async Task<DrainState> WaitAsync(CommandInvocation invocation, ICallInboxAdministration inbox, TimeSpan limit, CancellationToken cancellationToken)
    {
        var time = invocation.Terminal.Time;
        var started = time.GetTimestamp();
        var state = await DrainState.ReadAsync(inbox);
        if (!state.IsDrained && limit > TimeSpan.Zero)
        {
            invocation.Output.WriteNote($"Waiting: {state.Pending} pending, {state.RequestedReplays} to be replayed.");
        }

        while (!state.IsDrained && time.GetElapsedTime(started) < limit && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(CheckInterval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            state = await DrainState.ReadAsync(inbox);
        }

        return state;
    }
}

/// <summary>What an inbox still has to do, and its failed items.</summary>
internal sealed class DrainState
{
    private const int PageSize = 1000;

    public required long Pending { get; init; }

    public required IReadOnlyList<DeadLetter> DeadLetters { get; init; }

    public required IReadOnlyList<QuarantineItem> Quarantined { get; init; }

    public int RequestedReplays => DeadLetters.Count(letter => letter.IsReplayRequested) + Quarantined.Count(item => item.IsReplayRequested);

    public bool IsDrained => Pending + RequestedReplays == 0;

    /// <summary>Reads the failed items first: a replay that starts in between is pending.</summary>
    public static async Task<DrainState> ReadAsync(ICallInboxAdministration inbox)
    {
        var deadLetters = await ReadAllAsync(after => inbox.ListDeadLettersAsync(PageSize, after), letter => letter.Id);
        var quarantined = await ReadAllAsync(after => inbox.ListQuarantineAsync(PageSize, after), item => item.Id);
        return new() { Pending = (await inbox.GetStatisticsAsync()).Depth, DeadLetters = deadLetters, Quarantined = quarantined };
    }

    public InboxDrainedLine ToLine() => new()
    {
        IsDrained = IsDrained,
        Pending = Pending,
        RequestedReplays = RequestedReplays,
        DeadLetters = DeadLetters.Count,
        Quarantined = Quarantined.Count,
    };

    private static async Task<IReadOnlyList<T>> ReadAllAsync<T>(Func<long, ValueTask<IReadOnlyList<T>>> readPage, Func<T, long> getId)
    {
        List<T> items = [];
        IReadOnlyList<T> page;
        do
        {
            page = await readPage(items.Count == 0 ? 0 : getId(items[^1]));
            items.AddRange(page);
        }
        while (page.Count == PageSize);

        return items;
    }
}

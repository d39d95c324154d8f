using System.CommandLine;
using IncomingCalls.Cli.Arguments;
using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Connections;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Tail;

/// <summary><c>tail</c>: the calls of an instance as they come.</summary>
internal sealed class TailCommand : CliCommand
{
    private readonly InstanceOptions _instance;

    private readonly Option<bool> _consume = new("--consume")
    {
        Description = "Delete what was shown, messages included: nobody else receives it any more. Without it the head of the queue is "
            + "looked at and left, and what waits behind it is not seen until somebody else takes the head.",
    };

    private readonly Option<bool> _noNames = new("--no-names")
    {
        Description = "Do not ask for the names of callers.",
    };

    private readonly Option<int?> _count = NumberOption.Create("--count", "End after so many lines about calls.", 1, int.MaxValue);

    private readonly Option<TimeSpan?> _duration = new("--duration")
    {
        Description = "End after this time, such as 10m. By default: Ctrl+C.",
        HelpName = "time",
        CustomParser = DurationText.Parse,
    };

    public TailCommand()
        : base("tail", "Shows the calls of an instance as they come, one line per event, and deletes nothing.")
    {
        _instance = new(this);
        Options.Add(_consume);
        Options.Add(_noNames);
        Options.Add(_count);
        Options.Add(_duration);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls tail --config appsettings.json", "Look over the shoulder of a host that polls"),
        ("incoming-calls tail --id-instance 1101000001 --token d75b3a66 --api-url https://1101.api.greenapi.com --consume", "Be the only receiver"),
        ("incoming-calls tail --config appsettings.json --consume --count 1 --json", "Wait for one call, for a script"),
    ];

    protected override async Task<ExitCode> RunAsync(CommandInvocation invocation, CancellationToken cancellationToken)
    {
        var arguments = invocation.Arguments;
        var instance = _instance.SelectInstance(arguments);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = arguments.GetValue(_duration) is { } duration
            ? invocation.Terminal.Time.CreateTimer(_ => ending.Cancel(), null, duration, Timeout.InfiniteTimeSpan)
            : null;
        await using var connection = new GreenApiConnection(instance);
        var tail = new QueueReader(connection, invocation)
        {
            Consumes = arguments.GetValue(_consume),
            ResolvesNames = !arguments.GetValue(_noNames),
            Count = arguments.GetValue(_count) ?? int.MaxValue,
        };
        try
        {
            await tail.RunAsync(ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The time is over, or somebody pressed Ctrl+C: the usual ways to end.
        }

        return ExitCode.Success;
    }
}

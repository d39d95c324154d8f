using System.CommandLine;

namespace IncomingCalls.Cli;

/// <summary><c>inbox list</c>: what failed, oldest first.</summary>
internal sealed class InboxListCommand : InboxCommand
{
    private readonly InboxPartOption _partOption;
    private readonly Option<int?> _limit = NumberOption.Create("--limit", "How many at the most; 100 by default.", 1, 1000);
    private readonly Option<long?> _after = NumberOption.Create("--after", "Begin behind this id, the last one of the page before.", 0, long.MaxValue);

    public InboxListCommand()
        : base("list", "Lists what failed, oldest first.")
    {
        _partOption = new(this);
        Options.Add(_limit);
        Options.Add(_after);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls inbox list data/calls.db", "Which handler gave up on what?"),
        ("incoming-calls inbox list data/calls.db --quarantine", "What could not be read?"),
    ];

    protected override async Task<ExitCode> RunAsync(CommandInvocation invocation, InboxTarget inbox, CancellationToken cancellationToken)
    {
        var limit = invocation.Arguments.GetValue(_limit) ?? 100;
        var after = invocation.Arguments.GetValue(_after) ?? 0;
        if (_partOption.GetPart(invocation.Arguments) == InboxPart.Quarantine)
        {
            foreach (var item in await inbox.File.ListQuarantineAsync(limit, after, cancellationToken))
            {
                invocation.Output.Write(QuarantineLine.FromItem(item), CliJsonContext.Readable.QuarantineLine);
            }
        }
        else
        {
            foreach (var letter in await inbox.File.ListDeadLettersAsync(limit, after, cancellationToken))
            {
                invocation.Output.Write(DeadLetterLine.FromDeadLetter(letter), CliJsonContext.Readable.DeadLetterLine);
            }
        }

        return ExitCode.Success;
    }
}

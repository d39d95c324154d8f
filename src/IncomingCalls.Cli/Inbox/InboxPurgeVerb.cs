using System.CommandLine;

namespace IncomingCalls.Cli;

/// <summary><c>inbox purge</c>: removes what failed.</summary>
internal sealed class InboxPurgeVerb : InboxVerb
{
    private readonly ItemChoice _choice;
    private readonly InboxPartOption _part;
    private readonly Option<bool> _yes = Question.CreateYesOption();

    public InboxPurgeVerb()
        : base("purge", "Removes what failed, for good. Asks before it removes all.")
    {
        _choice = new(this);
        _part = new(this);
        Options.Add(_yes);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls inbox purge data/calls.db 3", "One dead letter"),
        ("incoming-calls inbox purge data/calls.db --all --quarantine --yes", "The whole quarantine, in a script"),
    ];

    protected override async Task<ExitCode> RunAsync(Invocation invocation, InboxAtHand inbox, CancellationToken cancellationToken)
    {
        var arguments = invocation.Arguments;
        var (id, part) = (_choice.Of(arguments), _part.Of(arguments));
        if (id is null && !arguments.GetValue(_yes))
        {
            var figures = await inbox.Items.GetStatisticsAsync(cancellationToken);
            var all = part == InboxPart.Quarantine ? figures.Quarantined : figures.DeadLetters;
            if (all > 0)
            {
                await Question.AskAsync(invocation.Terminal, $"Remove all {all} from the {InboxPartOption.NameOf(part)}, for good?", cancellationToken);
            }
        }

        var count = part == InboxPart.Quarantine
            ? await inbox.Items.PurgeQuarantineAsync(id, cancellationToken)
            : await inbox.Items.PurgeDeadLettersAsync(id, cancellationToken);
        if (count == 0 && id is { } one)
        {
            throw inbox.None(part, one);
        }

        invocation.Output.Write(new() { Type = "purge", Part = part, Count = count }, CliJsonContext.Readable.InboxChangeLine);
        return ExitCode.Success;
    }
}

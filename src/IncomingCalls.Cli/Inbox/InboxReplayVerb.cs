namespace IncomingCalls.Cli;

/// <summary><c>inbox replay</c>: lets handlers try again.</summary>
internal sealed class InboxReplayVerb : InboxVerb
{
    private readonly ItemChoice _choice;
    private readonly InboxPartOption _part;

    public InboxReplayVerb()
        : base("replay", "Asks for another try: of the handler that gave up, or of reading what could not be read. Twice is as good as once.")
    {
        _choice = new(this);
        _part = new(this);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls inbox replay data/calls.db 3", "One dead letter"),
        ("incoming-calls inbox replay data/calls.db --all", "All of them, after the CRM was down"),
        ("incoming-calls inbox replay data/calls.db --all --quarantine", "All that could not be read, after an update"),
    ];

    protected override async Task<ExitCode> RunAsync(Invocation invocation, InboxAtHand inbox, CancellationToken cancellationToken)
    {
        var (id, part) = (_choice.Of(invocation.Arguments), _part.Of(invocation.Arguments));
        var count = part == InboxPart.Quarantine
            ? await inbox.Items.ReplayQuarantineAsync(id, cancellationToken)
            : await inbox.Items.ReplayDeadLettersAsync(id, cancellationToken);
        if (count == 0 && id is { } one)
        {
            throw inbox.None(part, one);
        }

        invocation.Output.Write(new() { Type = "replay", Part = part, Count = count }, CliJsonContext.Readable.InboxChangeLine);
        return ExitCode.Success;
    }
}

using System.CommandLine;
using System.Text;

namespace IncomingCalls.Cli;

/// <summary><c>inbox show</c>: everything about one item.</summary>
internal sealed class InboxShowVerb : InboxVerb
{
    private readonly Argument<long?> _id = new("id")
    {
        Description = "The item, as 'inbox list' numbers it.",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = ItemChoice.Number,
    };
    private readonly InboxPartOption _part;

    public InboxShowVerb()
        : base("show", "Shows one item whole; a quarantined one with what was received, phone numbers included.")
    {
        Arguments.Add(_id);
        _part = new(this);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls inbox show data/calls.db 3", "Why did the handler give up?"),
        ("incoming-calls inbox show data/calls.db 1 --quarantine", "What came in?"),
    ];

    protected override async Task<ExitCode> RunAsync(Invocation invocation, InboxAtHand inbox, CancellationToken cancellationToken)
    {
        var id = invocation.Arguments.GetValue(_id)!.Value;
        if (_part.Of(invocation.Arguments) == InboxPart.Quarantine)
        {
            var item = await inbox.QuarantinedAsync(id, cancellationToken);
            var bytes = await inbox.Items.ReadQuarantinedAsync(id, cancellationToken) ?? throw inbox.None(InboxPart.Quarantine, id);
            invocation.Output.Write(QuarantineLine.Of(item, Encoding.UTF8.GetString(bytes.Span)), CliJsonContext.Readable.QuarantineLine);
        }
        else
        {
            invocation.Output.Write(DeadLetterLine.Of(await inbox.DeadLetterAsync(id, cancellationToken), isLong: true), CliJsonContext.Readable.DeadLetterLine);
        }

        return ExitCode.Success;
    }
}

using System.CommandLine;
using System.Text;

namespace IncomingCalls.Cli;

/// <summary><c>inbox show</c>: everything about one item.</summary>
internal sealed class InboxShowCommand : InboxCommand
{
    private readonly Argument<long?> _id = new("id")
    {
        Description = "The item, as 'inbox list' numbers it.",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = ItemSelector.ParseId,
    };
    private readonly InboxPartOption _partOption;

    public InboxShowCommand()
        : base("show", "Shows one item whole; a quarantined one with what was received, phone numbers included.")
    {
        Arguments.Add(_id);
        _partOption = new(this);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("incoming-calls inbox show data/calls.db 3", "Why did the handler give up?"),
        ("incoming-calls inbox show data/calls.db 1 --quarantine", "What came in?"),
    ];

    protected override async Task<ExitCode> RunAsync(CommandInvocation invocation, InboxTarget inbox, CancellationToken cancellationToken)
    {
        var id = invocation.Arguments.GetValue(_id)!.Value;
        if (_partOption.GetPart(invocation.Arguments) == InboxPart.Quarantine)
        {
            var item = await inbox.GetQuarantinedAsync(id, cancellationToken);
            var bytes = await inbox.File.ReadQuarantinedAsync(id, cancellationToken) ?? throw inbox.NotFound(InboxPart.Quarantine, id);
            invocation.Output.Write(QuarantineLine.FromItem(item, Encoding.UTF8.GetString(bytes.Span)), CliJsonContext.Readable.QuarantineLine);
        }
        else
        {
            invocation.Output.Write(DeadLetterLine.FromDeadLetter(await inbox.GetDeadLetterAsync(id, cancellationToken), isLong: true), CliJsonContext.Readable.DeadLetterLine);
        }

        return ExitCode.Success;
    }
}

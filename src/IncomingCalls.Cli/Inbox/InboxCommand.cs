using System.CommandLine;

namespace IncomingCalls.Cli;

/// <summary>A command that works on the file of a SQLite inbox.</summary>
internal abstract class InboxCommand : CliCommand
{
    private readonly Argument<FileInfo?> _file = new("file")
    {
        Description = "The file, data/calls.db for example. A host may have it open.",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = FileInfoParser.Parse,
    };

    protected InboxCommand(string name, string description)
        : base(name, description) =>
        Arguments.Add(_file);

    protected sealed override Task<ExitCode> RunAsync(CommandInvocation invocation, CancellationToken cancellationToken)
    {
        var file = invocation.Arguments.GetValue(_file)!;
        return Directory.Exists(file.FullName) ? throw new CommandFailedException(ExitCode.Unusable, $"{file} is a folder; the file in it is meant.")
            : !file.Exists ? throw new CommandFailedException(ExitCode.Unusable, $"There is no file {file}.")
            : RunAsync(invocation, new(new(file.FullName, invocation.Terminal.Time), file), cancellationToken);
    }

    protected abstract Task<ExitCode> RunAsync(CommandInvocation invocation, InboxTarget inbox, CancellationToken cancellationToken);
}

using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace IncomingCalls.Cli;

/// <summary>The usual help, and below it what one would type.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var code = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is CliCommand { Examples: var examples })
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var (line, purpose) in examples)
            {
                output.WriteLine($"  # {purpose}");
                output.WriteLine($"  {line}");
            }

            output.WriteLine();
        }

        return code;
    }
}

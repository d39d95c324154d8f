using System.Text;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli;

/// <summary>The dotnet tool <c>incoming-calls</c>.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        // Caller names may be written in any script.
        Console.OutputEncoding = Encoding.UTF8;
        var terminal = new Terminal
        {
            Out = StandardOutput.Open(),
            Error = Console.Error,
            In = Console.IsInputRedirected ? null : Console.In,
            IsInteractive = !Console.IsOutputRedirected,
            Time = TimeProvider.System,
        };
        try
        {
            return (int)await Tool.RunAsync(arguments, terminal);
        }
        catch (Exception e) when (OutputFailure.IsWriteFailure(e))
        {
            // The error message cannot be written either.
            return (int)ExitCode.Failed;
        }
    }
}

using System.Net.Sockets;

namespace IncomingCalls.Cli;

/// <summary>What becomes of a command whose output goes nowhere.</summary>
internal static class OutputFailure
{
    /// <summary>Whether an exception says that the output cannot be written.</summary>
    public static bool IsWriteFailure(Exception e) => e is IOException or UnauthorizedAccessException;

    /// <summary>Tells of it, unless whoever read it has simply had enough, as <c>head</c> does.</summary>
    public static ExitCode Report(Terminal terminal, Exception loss)
    {
        // .NET writes into pipes as into sockets, and a pipe that nobody reads is a socket that is shut down.
        if (loss.InnerException is SocketException { SocketErrorCode: SocketError.Shutdown })
        {
            return ExitCode.Success;
        }

        terminal.Error.WriteLine("The output cannot be written: it is closed, or the disk is full.");
        return ExitCode.Unusable;
    }
}

namespace IncomingCalls;

/// <summary>
/// A resolver cannot tell now whether there is a name: its quota is used up, or too many wait. Thrown by an
/// <see cref="ICallerNameResolver"/>, it is not logged, the resolvers behind it are asked, and it is not remembered that there is no name: the
/// next call of the caller asks again.
/// </summary>
public class CallerNameUnavailableException : Exception
{
    /// <summary>Says why it cannot be told.</summary>
    /// <param name="message">What happened, without personal data.</param>
    /// <param name="innerException">What went wrong.</param>
    public CallerNameUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

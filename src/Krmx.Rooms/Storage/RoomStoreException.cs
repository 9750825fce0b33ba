namespace Krmx.Storage;

/// <summary>A store could not do what it was asked; the message says what is wrong with it, and what to do.</summary>
/// <param name="message">What is wrong, and what to do.</param>
/// <param name="innerException">The cause.</param>
public sealed class RoomStoreException(string message, Exception? innerException = null) : KrmxException(message, innerException);

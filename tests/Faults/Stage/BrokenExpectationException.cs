using System;

namespace Interop.Sessions.Faults.Stage;

/// <summary>What should have happened did not.</summary>
internal sealed class BrokenExpectationException(string message) : Exception(message);

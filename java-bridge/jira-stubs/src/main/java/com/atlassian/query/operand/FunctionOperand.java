package com.atlassian.query.operand;

import java.util.Collection;
import java.util.List;

/** A function with its arguments. */
public final class FunctionOperand implements Operand {
  private final String name;
  private final List<String> arguments;

  public FunctionOperand(String name, Collection<String> arguments) {
    this.name = name;
    this.arguments = List.copyOf(arguments);
  }

  @Override
  public String getName() {
    return name;
  }

  public List<String> getArgs() {
    return arguments;
  }
}
